# find_package(gelu_c) defines the target gelu_c::gelu_c.
if(NOT TARGET gelu_c::gelu_c)
  get_filename_component(_gelu_c_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  add_library(gelu_c::gelu_c SHARED IMPORTED)
  set_target_properties(gelu_c::gelu_c PROPERTIES
    IMPORTED_LOCATION "${_gelu_c_prefix}/lib/@LIBRARY@"
    IMPORTED_SONAME "@SONAME@"
    INTERFACE_INCLUDE_DIRECTORIES "${_gelu_c_prefix}/include")
  if(WIN32)
    set_target_properties(gelu_c::gelu_c PROPERTIES
      IMPORTED_IMPLIB "${_gelu_c_prefix}/lib/@LINKED_WITH@")
  endif()
  unset(_gelu_c_prefix)
endif()
