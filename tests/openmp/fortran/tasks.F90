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

! Each thread makes a chain of tasks, which any thread runs: a task ends when the next one fulfills its event.
subroutine fortran_detach_chains() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(omp_event_handle_kind) :: first, second
  integer :: ran(3), members, round

  do round = 1, 10
    ran = 0
    members = 0
    !$omp parallel private(first, second)
    !$omp atomic
    members = members + 1
    !$omp taskgroup
    !$omp task detach(first) untied
    !$omp atomic
    ran(1) = ran(1) + 1
    !$omp end task
    !$omp task detach(second) untied
    !$omp atomic
    ran(2) = ran(2) + 1
    call omp_fulfill_event(first)
    !$omp end task
    !$omp task untied
    !$omp atomic
    ran(3) = ran(3) + 1
    call omp_fulfill_event(second)
    !$omp end task
    !$omp end taskgroup
    !$omp end parallel
    EXPECT(all(ran == members))
  end do
  !$omp task detach(first)
  call omp_fulfill_event(first)
  !$omp end task
end subroutine

! Tasks with events that have arrays of their own.
subroutine fortran_detach_arguments() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(omp_event_handle_kind) :: event, events(12)
  integer :: i, ran
  integer :: few(3)
  integer, allocatable :: own(:)

  allocate (own(5))
  own = 3
  few = 4
  ran = 0
  !$omp parallel num_threads(3)
  !$omp single
  do i = 1, 12
    !$omp task firstprivate(i, own, few) detach(event) priority(i) depend(out: events(i))
    EXPECT(size(own) == 5 .and. all(own == 3) .and. all(few == 4))
    own = i
    few = i
    !$omp end task
    events(i) = event
    !$omp task depend(in: events(i)) shared(ran)
    !$omp atomic
    ran = ran + 1
    !$omp end task
  end do
  !$omp task
  do i = 12, 1, -1
    call omp_fulfill_event(events(i))
  end do
  !$omp end task
  !$omp taskwait
  EXPECT(ran == 12 .and. all(own == 3) .and. all(few == 4))
  !$omp end single
  !$omp end parallel
end subroutine
