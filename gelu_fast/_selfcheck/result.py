"""The result of `selfcheck`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SelfcheckResult:
    """The largest error of a function, dtype and instruction set, and where it is."""

    function: str
    dtype: str
    isa: str
    inputs: int  # number of tested inputs
    max_ulp: float  # the largest error found
    bound_ulp: float  # the error bound of the function and dtype
    worst: tuple[float, ...]  # the inputs with the largest error: (x,) or (dy, x)
    got: float  # the computed value there
    want: float  # the exact value there, rounded to float64

    @property
    def passed(self) -> bool:
        return self.max_ulp <= self.bound_ulp
