"""The result of `selfcheck`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SelfcheckResult:
    """The largest error of a function, dtype and instruction set, and where it is."""

    function: str
    dtype: str
    isa: str
    inputs: int  # how many were tested
    max_ulp: float
    bound_ulp: float  # what the library promises
    worst: tuple[float, ...]  # the input or inputs with the largest error
    got: float  # the function's value there
    want: float  # the exact value there, rounded to float64

    @property
    def passed(self) -> bool:
        return self.max_ulp <= self.bound_ulp
