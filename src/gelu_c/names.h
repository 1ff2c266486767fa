/* Names made of macros. */
#ifndef GF_NAMES_H
#define GF_NAMES_H

#define GF_CONCAT_(a, b) a##b
#define GF_CONCAT(a, b) GF_CONCAT_(a, b)

#endif
