! SPDX-License-Identifier: MIT
! loops.F90: do loops by every schedule, collapsed and ordered, and what is private to them.

#define EXPECT(condition) call expect(logical(condition, 1), __LINE__)

subroutine fortran_loops() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer, parameter :: n = 500
  integer :: times(n), i, kind

  times = 0
  !$omp parallel
  !$omp do schedule(static)
  do i = 1, n
    times(i) = times(i) + 1
  end do
  !$omp end do
  !$omp do schedule(static, 3)
  do i = n, 1, -1
    times(i) = times(i) + 1
  end do
  !$omp end do
  !$omp do schedule(dynamic)
  do i = 1, n
    times(i) = times(i) + 1
  end do
  !$omp end do
  !$omp do schedule(monotonic: dynamic, 7)
  do i = 1, n, 2
    times(i) = times(i) + 1
  end do
  !$omp end do
  !$omp do schedule(guided, 2)
  do i = 2, n, 2
    times(i) = times(i) + 1
  end do
  !$omp end do
  !$omp do schedule(auto)
  do i = 5, 4
    times(i) = times(i) + 100
  end do
  !$omp end do
  !$omp end parallel
  EXPECT(all(times == 4))

  do kind = 1, 3
    call omp_set_schedule(int(kind, omp_sched_kind), 4)
    !$omp parallel do schedule(runtime)
    do i = 1, n
      times(i) = times(i) + 1
    end do
    !$omp end parallel do
  end do
  EXPECT(all(times == 7))
end subroutine

subroutine fortran_loops_of_8_bytes() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(8) :: i, total
  integer(8), parameter :: far = 9000000000000000000_8
  integer(2) :: small
  integer :: count

  total = 0
  !$omp parallel do schedule(dynamic, 5) reduction(+: total)
  do i = far, far + 99
    total = total + (i - far)
  end do
  !$omp end parallel do
  EXPECT(total == 4950)
  total = 0
  !$omp parallel do schedule(guided) reduction(+: total)
  do i = -far, -far - 99, -1
    total = total + (-far - i)
  end do
  EXPECT(total == 4950)
  count = 0
  !$omp parallel do schedule(dynamic) reduction(+: count)
  do small = 100_2, 1_2, -3_2
    count = count + 1
  end do
  EXPECT(count == 34)
end subroutine

subroutine fortran_collapse() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: a(12, 9, 5), i, j, k

  a = 0
  !$omp parallel do collapse(3) schedule(dynamic, 4)
  do k = 1, 5
    do j = 9, 1, -1
      do i = 1, 12
        a(i, j, k) = a(i, j, k) + i + 100 * j + 10000 * k
      end do
    end do
  end do
  !$omp end parallel do
  do k = 1, 5
    do j = 1, 9
      do i = 1, 12
        EXPECT(a(i, j, k) == i + 100 * j + 10000 * k)
      end do
    end do
  end do
end subroutine

subroutine fortran_ordered() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, last
  integer :: line(0:60)

  last = 0
  !$omp parallel do ordered schedule(dynamic, 3)
  do i = 1, 100
    !$omp ordered
    EXPECT(i == last + 1)
    last = i
    !$omp end ordered
  end do
  EXPECT(last == 100)

  line = 0
  !$omp parallel do ordered(1) schedule(static, 2)
  do i = 1, 60
    !$omp ordered depend(sink: i - 1)
    line(i) = line(i - 1) + i
    !$omp ordered depend(source)
  end do
  EXPECT(line(60) == 1830)
end subroutine

subroutine fortran_privates() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer :: i, last, first
  real(8), allocatable :: own(:)
  character(20) :: text

  first = 7
  allocate (own(30))
  own = 2
  text = 'as it was'
  !$omp parallel do firstprivate(first, own, text) lastprivate(last) schedule(dynamic)
  do i = 1, 200
    EXPECT(first == 7)
    EXPECT(own(30) == 2)
    EXPECT(text == 'as it was')
    last = i + first
  end do
  EXPECT(last == 207)
  EXPECT(all(own == 2))
  !$omp parallel private(own, first) num_threads(3)
  own = omp_get_thread_num()
  first = int(sum(own))
  EXPECT(first == 30 * omp_get_thread_num())
  !$omp end parallel
  EXPECT(first == 7)
  EXPECT(all(own == 2))
end subroutine

subroutine fortran_scan() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, total, most, line(500)

  total = 3
  !$omp parallel do reduction(inscan, +: total)
  do i = 1, 500
    line(i) = total
    !$omp scan exclusive(total)
    total = total + i
  end do
  EXPECT(total == 125253 .and. all(line == [(3 + i * (i - 1) / 2, i = 1, 500)]))
  most = 0
  !$omp parallel
  !$omp do reduction(inscan, max: most)
  do i = 1, 500
    most = max(most, i - 2 * mod(i, 10))
    !$omp scan inclusive(most)
    line(i) = most
  end do
  !$omp end parallel
  EXPECT(most == 500 .and. all(line == [(i - mod(i, 10), i = 1, 500)]))
end subroutine

! Of the iterations that write a variable the last one counts, whoever has run it.
subroutine fortran_conditional() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, j, last, found, line
  real(8) :: half

  found = -1
  half = -1
  line = 5
  !$omp parallel do lastprivate(conditional: found, half) lastprivate(last) linear(line: 3) schedule(dynamic, 4)
  do i = 1, 100
    if (mod(i, 7) == 3) found = i
    if (i == 51) half = i / 2d0
    line = line + 3
    last = line
  end do
  EXPECT(found == 94 .and. half == 25.5d0 .and. last == 305 .and. line == 305)
  !$omp parallel
  !$omp do collapse(2) lastprivate(conditional: found) schedule(guided)
  do i = 1, 20
    do j = 20, 1, -1
      if (i + j == 20) found = i
    end do
  end do
  !$omp end do
  !$omp end parallel
  EXPECT(found == 19)
end subroutine
