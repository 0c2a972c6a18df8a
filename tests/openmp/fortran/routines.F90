! SPDX-License-Identifier: MIT
! routines.F90: omp_lib's routines, with arguments of 4 and of 8 bytes.

#define EXPECT(condition) call expect(logical(condition, 1), __LINE__)

subroutine fortran_routines() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(omp_sched_kind) :: kind
  integer(4) :: chunk
  real(8) :: began

  EXPECT(omp_get_max_threads() == program_threads())
  call omp_set_num_threads(3_4)
  EXPECT(omp_get_max_threads() == 3)
  EXPECT(.not. omp_in_parallel())
  call omp_set_dynamic(.false._4)
  EXPECT(.not. omp_get_dynamic())
  call omp_set_max_active_levels(2_4)
  EXPECT(omp_get_max_active_levels() == 2)
  call omp_set_schedule(omp_sched_dynamic, 6_4)
  call omp_get_schedule(kind, chunk)
  EXPECT(chunk == 6)
  EXPECT(iand(int(kind), huge(0)) == omp_sched_dynamic)
  !$omp parallel
  EXPECT(omp_get_num_threads() == 3)
  EXPECT(omp_get_thread_num() < 3)
  EXPECT(omp_in_parallel())
  EXPECT(omp_get_level() == 1)
  EXPECT(omp_get_active_level() == 1)
  EXPECT(omp_get_ancestor_thread_num(0_4) == 0)
  EXPECT(omp_get_ancestor_thread_num(1_4) == omp_get_thread_num())
  EXPECT(omp_get_team_size(1_4) == 3)
  !$omp end parallel
  EXPECT(omp_get_num_procs() >= 1)
  EXPECT(omp_get_thread_limit() >= 3)
  EXPECT(.not. omp_in_final())
  EXPECT(omp_get_num_teams() == 1)
  EXPECT(omp_get_team_num() == 0)
  EXPECT(omp_is_initial_device())
  EXPECT(omp_get_proc_bind() >= omp_proc_bind_false)
  began = omp_get_wtime()
  EXPECT(omp_get_wtime() >= began)
  EXPECT(omp_get_wtick() > 0)
end subroutine

subroutine fortran_routines_of_8_bytes() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(omp_sched_kind) :: kind
  integer(8) :: chunk

  call omp_set_num_threads(4_8)
  EXPECT(omp_get_max_threads() == 4)
  call omp_set_dynamic(.true._8)
  EXPECT(omp_get_dynamic())
  call omp_set_dynamic(.false._8)
  EXPECT(.not. omp_get_dynamic())
  call omp_set_max_active_levels(3_8)
  EXPECT(omp_get_max_active_levels() == 3)
  call omp_set_schedule(omp_sched_guided, 9_8)
  call omp_get_schedule(kind, chunk)
  EXPECT(chunk == 9)
  EXPECT(iand(int(kind), huge(0)) == omp_sched_guided)
  !$omp parallel
  EXPECT(omp_get_ancestor_thread_num(0_8) == 0)
  EXPECT(omp_get_ancestor_thread_num(1_8) == omp_get_thread_num())
  EXPECT(omp_get_team_size(1_8) == 4)
  EXPECT(omp_get_team_size(2_8) == -1)
  !$omp end parallel
end subroutine

subroutine fortran_locks() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer(omp_lock_kind) :: lock
  integer(omp_nest_lock_kind) :: nested
  integer :: i, guarded, other

  call omp_init_lock(lock)
  call omp_init_nest_lock(nested)
  guarded = 0
  other = 0
  !$omp parallel do schedule(dynamic)
  do i = 1, 300
    call omp_set_lock(lock)
    guarded = guarded + 1
    call omp_unset_lock(lock)
    call omp_set_nest_lock(nested)
    EXPECT(omp_test_nest_lock(nested) == 2)
    other = other + 1
    call omp_unset_nest_lock(nested)
    call omp_unset_nest_lock(nested)
  end do
  EXPECT(guarded == 300)
  EXPECT(other == 300)
  EXPECT(omp_test_lock(lock))
  call omp_unset_lock(lock)
  call omp_destroy_nest_lock(nested)
  call omp_destroy_lock(lock)
end subroutine
