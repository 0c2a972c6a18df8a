! SPDX-License-Identifier: MIT
! tasks.F90: tasks, what they depend on, and loops of them.

#define EXPECT(condition) call expect(logical(condition, 1), __LINE__)

recursive function fibonacci(n) result(value)
  implicit none
  integer, intent(in) :: n
  integer :: value, left, right
  if (n < 2) then
    value = n
    return
  end if
  !$omp task shared(left) if (n > 8)
  left = fibonacci(n - 1)
  !$omp end task
  !$omp task shared(right)
  right = fibonacci(n - 2)
  !$omp end task
  !$omp taskwait
  value = left + right
end function

subroutine fortran_tasks() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer, external :: fibonacci
  integer :: value, i, ran(100)

  value = 0
  ran = 0
  !$omp parallel
  !$omp single
  value = fibonacci(14)
  !$omp taskgroup
  do i = 1, 100
    !$omp task firstprivate(i)
    ran(i) = ran(i) + 1
    !$omp end task
  end do
  !$omp end taskgroup
  EXPECT(all(ran == 1))
  !$omp end single
  !$omp end parallel
  EXPECT(value == 377)
end subroutine

subroutine fortran_depend() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: value, i, sums(0:50)

  value = 0
  sums = 0
  !$omp parallel
  !$omp single
  do i = 1, 50
    !$omp task depend(inout: value) firstprivate(i)
    EXPECT(value == i - 1)
    value = i
    !$omp end task
    !$omp task depend(in: sums(i - 1)) depend(out: sums(i)) firstprivate(i)
    sums(i) = sums(i - 1) + i
    !$omp end task
  end do
  !$omp end single
  !$omp end parallel
  EXPECT(value == 50)
  EXPECT(sums(50) == 1275)
end subroutine

subroutine fortran_taskloop() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, j, total, last
  integer(8) :: k
  integer :: ran(20, 10)

  total = 0
  ran = 0
  !$omp parallel
  !$omp single
  !$omp taskloop reduction(+: total) lastprivate(last) grainsize(3)
  do i = 1, 100
    total = total + i
    last = i
  end do
  !$omp end taskloop
  EXPECT(total == 5050)
  EXPECT(last == 100)
  !$omp taskloop collapse(2) num_tasks(6)
  do j = 10, 1, -1
    do i = 1, 20
      ran(i, j) = ran(i, j) + 1
    end do
  end do
  !$omp end taskloop
  !$omp taskloop reduction(+: total)
  do k = 1_8, 10_8
    total = total + 1
  end do
  !$omp end taskloop
  EXPECT(total == 5060)
  !$omp end single
  !$omp end parallel
  EXPECT(all(ran == 1))
end subroutine

subroutine fortran_task_arguments() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, wrong
  real(8), allocatable :: values(:)

  wrong = 0
  !$omp parallel private(values)
  !$omp single
  do i = 1, 60
    if (allocated(values)) deallocate (values)
    allocate (values(i))
    values = i
    !$omp task firstprivate(values, i) shared(wrong)
    if (size(values) /= i .or. any(values /= i)) then
      !$omp atomic
      wrong = wrong + 1
    end if
    !$omp end task
    values = -1
  end do
  !$omp end single
  !$omp end parallel
  EXPECT(wrong == 0)
end subroutine

! A task that ends when its event is fulfilled, by another one.
subroutine fortran_detach() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(omp_event_handle_kind) :: event
  integer :: ran

  ran = 0
  !$omp parallel num_threads(2)
  !$omp single
  !$omp task detach(event) shared(ran)
  !$omp atomic
  ran = ran + 1
  !$omp end task
  !$omp task shared(ran) firstprivate(event)
  call omp_fulfill_event(event)
  !$omp atomic
  ran = ran + 1
  !$omp end task
  !$omp taskwait
  EXPECT(ran == 2)
  !$omp end single
  !$omp end parallel
end subroutine
