! SPDX-License-Identifier: MIT
! routines.f90: OpenMP's routines as Fortran calls them; compiled with default integers of 32 and of 64 bits, which call
! routines of other names. Ends with status 1 where one of them is wrong.
program routines
  use omp_lib
  implicit none
  integer :: wrong = 0, chunk, count, k
  integer(omp_sched_kind) :: kind
  integer, allocatable :: numbers(:)
  character(len=20) :: text
  character(len=4) :: short
  integer :: teams, levels

  call omp_set_num_threads(3)
  call expect(int(omp_get_max_threads()), 3)
  call omp_set_dynamic(.true.)
  call expect_true(logical(omp_get_dynamic()))
  call omp_set_dynamic(.false.)
  call expect_true(logical(.not. omp_get_dynamic()))
  call omp_set_max_active_levels(2)
  call expect(int(omp_get_max_active_levels()), 2)
  call expect_true(logical(omp_get_supported_active_levels() > 1))
  call omp_set_schedule(omp_sched_guided, 5)
  call omp_get_schedule(kind, chunk)
  call expect_true(logical(kind == omp_sched_guided))
  call expect(chunk, 5)
  call omp_set_num_teams(4)
  teams = omp_get_max_teams()
  call expect(teams, 4)
  call omp_set_teams_thread_limit(2)
  levels = omp_get_teams_thread_limit()
  call expect(levels, 2)
  call expect(int(omp_get_ancestor_thread_num(0)), 0)
  call expect(int(omp_get_ancestor_thread_num(1)), -1)
  call expect(int(omp_get_team_size(0)), 1)
  call expect_true(logical(omp_get_num_procs() >= 1))
  call expect_true(logical(omp_get_wtick() > 0d0))
  call expect_true(logical(omp_get_wtime() > 0d0))
  call expect_true(logical(.not. omp_in_parallel()))
  call expect_true(logical(.not. omp_in_final()))
  call expect_true(logical(.not. omp_get_cancellation()))
  call expect(int(omp_get_max_task_priority()), 0)
  call expect(int(omp_get_team_num()), 0)
  call expect(int(omp_get_num_teams()), 1)
  call expect_true(logical(omp_get_thread_limit() >= 1))
  call expect_true(logical(omp_get_proc_bind() == omp_proc_bind_false))

  count = 0
!$omp parallel num_threads(2) reduction(+ : count)
!$omp parallel num_threads(3) reduction(+ : count)
  count = count + 1
  if (omp_get_level() /= 2) call note()
  if (omp_get_active_level() /= 2) call note()
  if (omp_get_num_threads() /= 3) call note()
  if (omp_get_team_size(1) /= 2) call note()
  if (omp_get_ancestor_thread_num(2) /= omp_get_thread_num()) call note()
  if (.not. omp_in_parallel()) call note()
!$omp end parallel
!$omp end parallel
  call expect(count, 6)

  do k = 0, omp_get_num_places() - 1
    allocate (numbers(omp_get_place_num_procs(k)))
    call omp_get_place_proc_ids(k, numbers)
    call expect_true(logical(all(numbers >= 0)))
    deallocate (numbers)
  end do
  allocate (numbers(omp_get_partition_num_places() + 1))
  numbers = -9
  call omp_get_partition_place_nums(numbers)
  call expect(numbers(size(numbers)), -9)
  call expect_true(logical(omp_get_place_num() >= -1))

  call omp_set_affinity_format('%n of %N')
  call expect(int(omp_get_affinity_format(text)), 8)
  call expect_true(logical(text == '%n of %N'))
  call expect(int(omp_get_affinity_format(short)), 8)
  call expect_true(logical(short == '%n o'))
  call expect(int(omp_capture_affinity(text, '<%0.3n>')), 5)
  call expect_true(logical(text == '<000>'))
  call expect(int(omp_capture_affinity(short, '')), 6)
  call expect_true(logical(short == '0 of'))
  call expect(int(omp_capture_affinity(text, '%N ')), 2)
  call expect_true(logical(omp_pause_resource_all(omp_pause_soft) == 0))

  if (wrong /= 0) stop 1

contains

  subroutine note()
!$omp atomic
    wrong = wrong + 1
  end subroutine

  subroutine expect(actual, expected)
    integer, intent(in) :: actual, expected
    if (actual == expected) return
    print *, 'got', actual, 'expected', expected
    wrong = wrong + 1
  end subroutine

  subroutine expect_true(holds)
    logical, intent(in) :: holds
    if (holds) return
    print *, 'something that should be true is false'
    wrong = wrong + 1
  end subroutine
end program
