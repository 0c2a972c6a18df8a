! SPDX-License-Identifier: MIT
! integral_openmp.f90: the integral in Fortran with OpenMP. A sentinel of OpenMP is a comment to compilers without it.
program integral_openmp
  use, intrinsic :: iso_fortran_env, only: int64, real64
  implicit none
  integer(int64) :: n, rounds, round, begin, end, rate
  character(len=32) :: text
  real(real64) :: value

  if (command_argument_count() /= 2) error stop "usage: integral_openmp N ROUNDS"
  call get_command_argument(1, text)
  read (text, *) n
  call get_command_argument(2, text)
  read (text, *) rounds
  do round = 1, rounds
    call system_clock(begin, rate)
    value = integral(n)
    call system_clock(end)
    print '(es14.6e2, 1x, f0.6)', value, real(end - begin, real64) / real(rate, real64)
  end do

contains

  function integral(n) result(value)
    integer(int64), intent(in) :: n
    real(real64) :: value, sum, x, h
    integer(int64) :: i, j
    h = acos(-1.0_real64) / real(n, real64)
    sum = 0
    !$omp parallel do reduction(+:sum) private(x, j)
    do i = 0, n - 1
      x = h * (real(i, real64) + 0.5_real64)
      do j = 0, n - 1
        sum = sum + sin(x + h * (real(j, real64) + 0.5_real64))
      end do
    end do
    value = h * h * sum
  end function
end program
