! SPDX-License-Identifier: MIT
! integral_ppar.f90: the integral in Fortran, as a reduction whose fold is a procedure of a module.
module rows
  use, intrinsic :: iso_fortran_env, only: int64, real64
  use ppar
  implicit none
  integer(int64) :: n
  real(real64) :: h
contains

  recursive subroutine add_rows(chunk, sum)
    type(ppar_chunk), intent(in) :: chunk
    real(real64), intent(inout) :: sum
    real(real64) :: x
    integer(int64) :: i, j
    do i = chunk%first, chunk%last, chunk%step
      x = h * (real(i, real64) + 0.5_real64)
      do j = 0, n - 1
        sum = sum + sin(x + h * (real(j, real64) + 0.5_real64))
      end do
    end do
  end subroutine

  function integral() result(value)
    real(real64) :: value, sum
    h = acos(-1.0_real64) / real(n, real64)
    sum = 0
    call ppar_reduce(0_int64, n - 1, add_rows, ppar_sum, sum)
    value = h * h * sum
  end function
end module

program integral_ppar
  use rows
  implicit none
  integer(int64) :: rounds, round, begin, end, rate
  character(len=32) :: text
  real(real64) :: value

  if (command_argument_count() /= 2) error stop "usage: integral_ppar N ROUNDS"
  call get_command_argument(1, text)
  read (text, *) n
  call get_command_argument(2, text)
  read (text, *) rounds
  do round = 1, rounds
    call system_clock(begin, rate)
    value = integral()
    call system_clock(end)
    print '(es14.6e2, 1x, f0.6)', value, real(end - begin, real64) / real(rate, real64)
  end do
end program
