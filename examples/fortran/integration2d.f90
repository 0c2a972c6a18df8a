! SPDX-License-Identifier: MIT
! integration2d.f90: the integral of sin(x + y) over [0, pi] x [0, pi], which is 0, by the midpoint rule. It is
! integration2d.c in Fortran, and prints the same digits.
!
!   --serial        one loop in another. At n = 10000 this prints -7.117752e-17, as programs in any language do.
!   (by default)    the outer loop in parallel: other threads, other last digits.
!   --reproducible  in parallel, with the same digits for every number of threads.
!
! With OpenMP the loop in integrate would be
!
!     !$omp parallel do reduction(+ : total) num_threads(threads)
!     do i = 1, n
!       call add_row(total, i, n)
!     end do
!
! which has neither the same digits for every number of threads, nor any say in how it is divided but a schedule.
module integration
  use, intrinsic :: iso_fortran_env, only: int64, real64
  use ppar
  implicit none
  private
  public :: integrate

  real(real64), parameter :: pi = acos(-1.0_real64)

  ! What the threads need to know: module procedures see it, and so need not be internal ones.
  integer(int64) :: bins = 0

contains

  ! Adds bin row i to the sum. Both the serial and the parallel loop are made of this.
  pure subroutine add_row(total, i, n)
    real(real64), intent(inout) :: total
    integer(int64), intent(in) :: i, n
    real(real64) :: h, x, y
    integer(int64) :: j
    h = pi/real(n, real64)
    x = h*(real(i, real64) - 0.5_real64)
    do j = 1, n
      y = h*(real(j, real64) - 0.5_real64)
      total = total + sin(x + y)
    end do
  end subroutine

  ! The fold: what a chunk of the parallel loop adds to its slot's sum.
  recursive subroutine add_rows(chunk, total)
    type(ppar_chunk), intent(in) :: chunk
    real(real64), intent(inout) :: total
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      call add_row(total, i, bins)
    end do
  end subroutine

  real(real64) function integrate(n, threads, reproducible, serial)
    integer(int64), intent(in) :: n
    integer, intent(in) :: threads
    logical, intent(in) :: reproducible, serial
    real(real64) :: total
    integer(int64) :: i
    total = 0
    if (serial) then
      do i = 1, n
        call add_row(total, i, n)
      end do
    else
      bins = n
      call ppar_reduce(1_int64, n, add_rows, ppar_sum, total, &
                       ppar_options(threads=threads, reproducible=reproducible, name='rows'))
    end if
    integrate = (pi/real(n, real64))**2*total
  end function
end module

program integration2d
  use, intrinsic :: iso_fortran_env, only: error_unit, int64, real64
  use integration
  use ppar
  implicit none
  integer(int64) :: n = 10000, threads = 0
  logical :: reproducible = .false., serial = .false.
  real(real64) :: begin, value
  call read_arguments()
  begin = ppar_wtime()
  value = integrate(n, int(threads), reproducible, serial)
  begin = ppar_wtime() - begin
  print '(4a)', 'Integral value is ', number(value), ', Error is ', number(abs(value))
  print '(3a)', 'Time spent: ', number(begin), ' sec'

contains

  ! As C's %e writes it.
  function number(x) result(text)
    real(real64), intent(in) :: x
    character(:), allocatable :: text
    character(20) :: room
    write (room, '(es20.6e2)') x
    text = trim(adjustl(room))
    text(index(text, 'E'):index(text, 'E')) = 'e'
  end function

  subroutine read_arguments()
    character(200) :: argument, text
    integer :: i
    i = 1
    do while (i <= command_argument_count())
      call get_command_argument(i, argument)
      select case (argument)
      case ('--help', '-h')
        print '(a)', 'integration2d_fortran: the integral of sin(x + y) over [0, pi]^2', '', &
          '  --n N          bins a side (1 to 1000000, default 10000)', &
          '  --threads N    threads; 0: one for each CPU (0 to 4096, default 0)', &
          '  --reproducible the same digits for all threads', &
          '  --serial       a plain loop, without the library', '  --help         print this'
        stop
      case ('--n', '--threads')
        i = i + 1
        text = ''
        if (i <= command_argument_count()) call get_command_argument(i, text)
        if (argument == '--n') then
          call read_integer(argument, text, 1_int64, 1000000_int64, n)
        else
          call read_integer(argument, text, 0_int64, 4096_int64, threads)
        end if
      case ('--reproducible')
        reproducible = .true.
      case ('--serial')
        serial = .true.
      case default
        call refuse('unknown argument "'//trim(argument)// &
                    '"; allowed: --n --threads --reproducible --serial --help')
      end select
      i = i + 1
    end do
  end subroutine

  subroutine read_integer(name, text, least, most, value)
    character(*), intent(in) :: name, text
    integer(int64), intent(in) :: least, most
    integer(int64), intent(inout) :: value
    character(100) :: allowed
    integer(int64) :: given
    integer :: status
    status = 1
    if (text /= '' .and. verify(trim(text), '+-0123456789') == 0) read (text, *, iostat=status) given
    if (status == 0) then
      if (given >= least .and. given <= most) then
        value = given
        return
      end if
    end if
    write (allowed, '(a, i0, a, i0)') '"; allowed: a whole number from ', least, ' to ', most
    call refuse(trim(name)//' is "'//trim(text)//trim(allowed))
  end subroutine

  subroutine refuse(why)
    character(*), intent(in) :: why
    write (error_unit, '(2a)') 'integration2d_fortran: ', why
    stop 2, quiet=.true.
  end subroutine
end program
