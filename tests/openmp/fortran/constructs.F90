! SPDX-License-Identifier: MIT
! constructs.F90: reductions, workshare, sections, single, exclusion, common blocks and cancellation.

#define EXPECT(condition) call expect(logical(condition, 1), __LINE__)

subroutine fortran_reductions() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, total, lowest, highest, bits, every_bit, parity
  real(8) :: real_sum, array(4)
  complex(8) :: z
  logical :: every, some, same, different

  total = 1
  lowest = huge(lowest)
  highest = -huge(highest)
  bits = 0
  every_bit = -1
  parity = 0
  real_sum = 0
  array = 0
  z = 0
  every = .true.
  some = .false.
  same = .true.
  different = .false.
  !$omp parallel do reduction(+: total, real_sum, array, z) reduction(min: lowest) reduction(max: highest) &
  !$omp& reduction(ior: bits) reduction(iand: every_bit) reduction(ieor: parity) reduction(.and.: every) &
  !$omp& reduction(.or.: some) reduction(.eqv.: same) reduction(.neqv.: different) schedule(dynamic, 3)
  do i = 1, 100
    total = total + i
    real_sum = real_sum + i / 2d0
    array(1 + mod(i, 4)) = array(1 + mod(i, 4)) + 1
    z = z + (1d0, -1d0)
    lowest = min(lowest, abs(i - 50))
    highest = max(highest, i)
    bits = ior(bits, i)
    every_bit = iand(every_bit, ior(i, 256))
    parity = ieor(parity, i)
    every = every .and. i > 0
    some = some .or. i == 100
    same = same .eqv. .true.
    different = different .neqv. mod(i, 2) == 0
  end do
  EXPECT(total == 5051)
  EXPECT(real_sum == 2525d0)
  EXPECT(all(array == 25))
  EXPECT(z == (100d0, -100d0))
  EXPECT(lowest == 0)
  EXPECT(highest == 100)
  EXPECT(bits == 127)
  EXPECT(every_bit == 256)
  EXPECT(parity == 100)
  EXPECT(every .and. some .and. same)
  EXPECT(.not. different)
end subroutine

subroutine fortran_workshare() bind(c)
  implicit none
  include 'fortran/expect.inc'
  real(8) :: a(1000), b(1000)
  integer :: i, count

  b = [(i, i=1, 1000)]
  count = 0
  !$omp parallel
  !$omp workshare
  a = 2 * b
  where (a > 1000) b = -b
  count = count + 1
  forall (i=1:500) a(i) = a(i) + 1
  !$omp end workshare
  !$omp end parallel
  EXPECT(count == 1)
  EXPECT(all(a(:500) == [(2 * i + 1, i=1, 500)]))
  EXPECT(all(a(501:) == [(2 * i, i=501, 1000)]))
  EXPECT(all(b(501:) < 0))
  EXPECT(all(b(:500) > 0))
end subroutine

subroutine fortran_sections() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer :: ran(3), last, singles, round, value

  ran = 0
  singles = 0
  !$omp parallel private(round, value)
  do round = 1, 20
    !$omp sections lastprivate(last)
    !$omp section
    ran(1) = ran(1) + 1
    last = 1
    !$omp section
    ran(2) = ran(2) + 1
    last = 2
    !$omp section
    ran(3) = ran(3) + 1
    last = 3
    !$omp end sections
    value = -1
    !$omp single
    singles = singles + 1
    value = round
    !$omp end single copyprivate(value)
    EXPECT(value == round)
    EXPECT(last == 3)
    !$omp master
    EXPECT(omp_get_thread_num() == 0)
    !$omp end master
    !$omp barrier
  end do
  !$omp end parallel
  EXPECT(all(ran == 20))
  EXPECT(singles == 20)
end subroutine

subroutine fortran_exclusive() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer :: i, guarded, named, atomic, captured
  real(8) :: most
  real(16) :: wide

  guarded = 0
  named = 0
  atomic = 0
  most = 0
  wide = 0
  !$omp parallel do private(captured) schedule(dynamic)
  do i = 1, 500
    !$omp critical
    guarded = guarded + 1
    !$omp end critical
    !$omp critical (its_name)
    named = named + i
    !$omp end critical (its_name)
    !$omp atomic capture
    atomic = atomic + 1
    captured = atomic
    !$omp end atomic
    EXPECT(captured >= 1 .and. captured <= 500)
    !$omp atomic
    most = max(most, real(i, 8))
    !$omp atomic
    wide = wide + 1
  end do
  EXPECT(guarded == 500)
  EXPECT(named == 125250)
  EXPECT(atomic == 500)
  EXPECT(most == 500d0)
  EXPECT(wide == 500)
end subroutine

subroutine fortran_common_blocks() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer :: kept, array(5), round
  common /its_threads/ kept, array
  !$omp threadprivate(/its_threads/)

  do round = 1, 5
    kept = round
    array = round * 2
    !$omp parallel copyin(/its_threads/)
    EXPECT(kept == round)
    EXPECT(all(array == 2 * round))
    kept = 100 * round + omp_get_thread_num()
    !$omp end parallel
    !$omp parallel
    EXPECT(kept == 100 * round + omp_get_thread_num())
    !$omp end parallel
  end do
end subroutine

subroutine fortran_cancel() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer :: i, ran, members

  ran = 0
  members = 0
  !$omp parallel
  !$omp do schedule(dynamic)
  do i = 1, 300
    !$omp cancel do if (i == 5)
    !$omp atomic
    ran = ran + 1
    !$omp cancellation point do
  end do
  !$omp end do
  !$omp atomic
  members = members + 1
  !$omp end parallel
  EXPECT(members == program_threads())
  if (omp_get_cancellation()) then
    EXPECT(ran < 300)
  else
    EXPECT(ran == 300)
  end if
end subroutine

subroutine fortran_errors() bind(c)
  implicit none
  character(len=13) :: text

  text = 'with blanks'
  !$omp error at(execution) severity(warning) message(text)
  !$omp error at(execution) severity(warning) message(text(6:10))
  !$omp error at(execution) severity(fatal)
  stop 7
end subroutine
