! SPDX-License-Identifier: MIT
! check.f90: what the tests have in common: cases that are written to the file that --tap names, and their count.
module check
  use, intrinsic :: iso_fortran_env, only: error_unit, int64
  use ppar
  implicit none
  private
  public :: check_begin, check_case, check_end, expect, schedules, schedule_count

  integer :: unit = -1, cases = 0, failures = 0
  logical :: good = .true.

  integer, parameter :: schedule_count = 9

contains

  subroutine check_begin()
    character(1000) :: argument
    call get_command_argument(1, argument)
    if (argument(:6) /= '--tap=') error stop 'the first argument is --tap=FILE'
    open (newunit=unit, file=trim(argument(7:)), action='write', status='replace')
  end subroutine

  ! Notes a condition that does not hold, for the present case; for the main thread.
  subroutine expect(condition, what)
    logical, intent(in) :: condition
    character(*), intent(in) :: what
    if (condition) return
    if (good) write (error_unit, '(2a)') 'expected: ', what
    good = .false.
  end subroutine

  ! The end of a case.
  subroutine check_case(name)
    character(*), intent(in) :: name
    character(:), allocatable :: result
    cases = cases + 1
    result = 'ok - '
    if (.not. good) then
      result = 'not ok - '
      failures = failures + 1
      write (error_unit, '(2a)') 'failed: ', name
    end if
    write (unit, '(2a)') result, name
    good = .true.
  end subroutine

  subroutine check_end()
    write (unit, '(a, i0)') '1..', cases
    close (unit)
    if (failures > 0) stop 1
  end subroutine

  ! The schedules that sweeps go through, by number.
  function schedules(number) result(schedule)
    integer, intent(in) :: number
    type(ppar_schedule) :: schedule
    select case (number)
    case (1)
      schedule = ppar_auto()
    case (2)
      schedule = ppar_static()
    case (3)
      schedule = ppar_static(1)
    case (4)
      schedule = ppar_static(7)
    case (5)
      schedule = ppar_dynamic()
    case (6)
      schedule = ppar_dynamic(5_int64)
    case (7)
      schedule = ppar_monotonic(ppar_dynamic(3))
    case (8)
      schedule = ppar_guided()
    case default
      schedule = ppar_nonmonotonic(ppar_guided(4))
    end select
  end function
end module
