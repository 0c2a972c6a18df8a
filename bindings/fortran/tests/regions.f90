! SPDX-License-Identifier: MIT
! regions.f90: regions, what teams do in them, and tasks, from Fortran.
module region_cases
  use, intrinsic :: iso_fortran_env, only: int32, int64, real32, real64
  use check
  use ppar
  implicit none
  private
  public :: teams_have_their_threads, constructs_hold, pranges_run_each_iteration_once, teams_reduce
  public :: regions_are_cancelled, tasks_run

  integer, parameter :: most = 8, n = 300
  integer :: seen(0:most - 1) = 0, sizes(0:most - 1) = 0, singles = 0, masters = 0, counted = 0, turn = 0
  integer :: hits(n) = 0, schedule_number = 1, stride = 1
  logical :: good = .true.
  real(real64) :: shared_sum = 0

  type, extends(ppar_region) :: phases
    integer, allocatable :: first(:), second(:)
  contains
    procedure :: run => phases_run
  end type

  type, extends(ppar_task) :: fib
    integer :: n = 0
    integer(int64) :: value = 0
  contains
    procedure :: run => fib_run
  end type

contains

  recursive subroutine note(team)
    type(ppar_team), intent(in) :: team
    seen(team%thread()) = seen(team%thread()) + 1
    sizes(team%thread()) = team%size()
    if (team%thread() /= ppar_thread_num()) good = .false.
  end subroutine

  ! What a thread writes before a barrier all see after it.
  recursive subroutine phases_run(self, team)
    class(phases), intent(inout) :: self
    type(ppar_team), intent(in) :: team
    integer :: t
    t = team%thread()
    self%first(t) = t + 1
    call team%barrier()
    self%second(t) = sum(self%first(0:team%size() - 1))
  end subroutine

  subroutine teams_have_their_threads()
    integer :: t
    type(phases) :: region
    do t = 1, most
      seen = 0
      sizes = 0
      call ppar_parallel(note, ppar_options(threads=t, name='note'))
      call expect(all(seen(0:t - 1) == 1) .and. all(sizes(0:t - 1) == t) .and. sum(seen) == t, 'each thread once')
    end do
    call expect(good, 'the team''s thread is ppar_thread_num''s')
    allocate (region%first(0:most - 1), region%second(0:most - 1))
    region%second = 0
    call ppar_parallel(region, ppar_options(threads=4))
    call expect(all(region%second(0:3) == 10), 'after a barrier all see what was written before')
    seen = 0
    call ppar_parallel(note)
    call expect(sum(seen) >= 1, 'without options')
    call check_case('a region runs on each thread of its team')
  end subroutine

  recursive subroutine meet(team)
    type(ppar_team), intent(in) :: team
    integer :: i
    do i = 1, 50
      if (team%single()) then
        singles = singles + 1
      end if
      call team%barrier()
    end do
    if (team%master()) masters = masters + 1
    do i = 1, 50
      call team%critical_begin('count')
      counted = counted + 1
      call team%critical_end('count')
      call team%critical_begin()
      turn = turn + 1
      call team%critical_end()
    end do
  end subroutine

  recursive subroutine in_order(team)
    type(ppar_team), intent(in) :: team
    type(ppar_prange) :: loop
    type(ppar_chunk) :: chunk
    integer(int64) :: i
    call loop%open(team, 1, n, ppar_options(schedule=schedules(schedule_number)))
    do while (loop%next(chunk))
      do i = chunk%first, chunk%last, chunk%step
        call team%ordered_begin(i)
        turn = turn + 1
        if (turn /= i) good = .false.
        call team%ordered_end(i)
      end do
    end do
  end subroutine

  subroutine constructs_hold()
    call ppar_parallel(meet, ppar_options(threads=4))
    call expect(singles == 50, 'a single is one thread''s')
    call expect(masters == 1, 'one thread is the master')
    call expect(counted == 200 .and. turn == 200, 'one thread at a time in a critical section')
    do schedule_number = 1, schedule_count
      turn = 0
      good = .true.
      call ppar_parallel(in_order, ppar_options(threads=3))
      call expect(good .and. turn == n, 'ordered iterations come in order')
    end do
    call check_case('single, master, critical sections and ordered iterations')
  end subroutine

  recursive subroutine count_hits(team)
    type(ppar_team), intent(in) :: team
    type(ppar_prange) :: loop
    type(ppar_chunk) :: chunk
    integer(int64) :: i
    call loop%open(team, 1, n, ppar_options(schedule=schedules(schedule_number)), step=stride)
    do while (loop%next(chunk))
      if (chunk%thread /= team%thread()) good = .false.
      do i = chunk%first, chunk%last, chunk%step
        hits(i) = hits(i) + 1
      end do
    end do
    ! Without the barrier at its end some would not yet be there.
    if (any(hits(1::stride) /= 1)) good = .false.
    call team%barrier()
    call loop%open(team, int(n, int64), 1_int64, ppar_options(schedule=schedules(schedule_number), nowait=.true.), &
                   step=-1_int64)
    do while (loop%next(chunk))
      do i = chunk%first, chunk%last, chunk%step
        hits(i) = hits(i) + 1
      end do
    end do
    call loop%open(team, 5, 4)
    do while (loop%next(chunk))
      good = .false.
    end do
    if (loop%next(chunk)) good = .false.
  end subroutine

  recursive subroutine leave_early(team)
    type(ppar_team), intent(in) :: team
    type(ppar_prange) :: loop
    type(ppar_chunk) :: chunk
    call loop%open(team, 1, n, ppar_options(schedule=ppar_dynamic(1)))
    if (team%thread() == 0) then
      call loop%close()
      call loop%close()
    else
      do while (loop%next(chunk))
        hits(chunk%first:chunk%last) = hits(chunk%first:chunk%last) + 1
      end do
    end if
  end subroutine

  subroutine pranges_run_each_iteration_once()
    integer :: t
    do schedule_number = 1, schedule_count
      do t = 1, 4
        do stride = 1, 7, 6
          good = .true.
          hits = 0
          call ppar_parallel(count_hits, ppar_options(threads=t))
          call expect(good, 'pranges have their threads, and end with a barrier')
          hits(1::stride) = hits(1::stride) - 1
          call expect(all(hits == 1), 'each iteration once')
        end do
      end do
    end do
    hits = 0
    call ppar_parallel(leave_early, ppar_options(threads=3))
    call expect(all(hits == 1), 'a thread that leaves a prange leaves it to the others')
    call check_case('pranges run each iteration once, for all schedules and threads')
  end subroutine

  recursive subroutine reduce_all(team)
    type(ppar_team), intent(in) :: team
    real(real64) :: all8, mine
    real(real32) :: all4
    integer(int64) :: prod8
    integer(int32) :: least
    integer :: t, size
    t = team%thread()
    size = team%size()
    all8 = 5
    mine = t + 1
    call team%reduce(mine, ppar_sum, all8)
    if (nint(all8) /= 5 + size*(size + 1)/2) good = .false.
    all4 = -1
    call team%reduce(real(t, real32), ppar_max, all4)
    if (nint(all4) /= size - 1) good = .false.
    prod8 = 3
    call team%reduce(2_int64, ppar_prod, prod8)
    if (prod8 /= 3_int64*2_int64**size) good = .false.
    least = 100
    call team%reduce(-t, ppar_min, least)
    if (least /= 1 - size) good = .false.
    call team%reduce(mine, ppar_sum, shared_sum)
  end subroutine

  subroutine teams_reduce()
    integer :: t
    good = .true.
    do t = 1, most
      shared_sum = 1
      call ppar_parallel(reduce_all, ppar_options(threads=t))
      call expect(nint(shared_sum) == 1 + t*(t + 1)/2, 'a shared result is folded into once')
    end do
    call expect(good, 'each thread has the outcome')
    call check_case('teams reduce values of all kinds')
  end subroutine

  recursive subroutine give_up(team)
    type(ppar_team), intent(in) :: team
    if (team%thread() == team%size() - 1) call team%cancel(33)
    call team%barrier()
    do while (.not. team%is_canceled())
    end do
  end subroutine

  recursive subroutine open_wrongly(team)
    type(ppar_team), intent(in) :: team
    type(ppar_prange) :: loop
    type(ppar_chunk) :: chunk
    call loop%open(team, 1, n, step=0)
    do while (loop%next(chunk))
      good = .false.
    end do
  end subroutine

  subroutine regions_are_cancelled()
    integer :: stat
    character(120) :: errmsg
    call ppar_parallel(give_up, ppar_options(threads=3), stat, errmsg)
    call expect(stat == 33 .and. index(errmsg, 'ppar_parallel: status 33') > 0, 'the status of a cancelled region')
    good = .true.
    seen = 0
    call ppar_parallel(open_wrongly, ppar_options(threads=2), stat)
    call expect(stat == ppar_einval .and. good, 'a prange with a step of 0 cancels the region')
    call ppar_parallel(note, ppar_options(threads=-1), stat, errmsg)
    call expect(stat == ppar_einval .and. sum(seen) == 0 .and. index(errmsg, '-1') > 0, 'a negative number of threads')
    call ppar_parallel(note, ppar_options(nowait=.true.), stat)
    call expect(stat == ppar_einval .and. sum(seen) == 0, 'an option of pranges')
    call check_case('regions are cancelled, and refuse bad input')
  end subroutine

  recursive subroutine fib_run(self)
    class(fib), intent(inout) :: self
    type(fib), target :: less
    type(fib) :: least
    type(ppar_task_group) :: group
    if (self%n < 2) then
      self%value = self%n
      return
    end if
    less%n = self%n - 1
    least%n = self%n - 2
    call group%begin()
    call group%spawn(less)
    call least%run()
    call group%wait()
    self%value = less%value + least%value
  end subroutine

  subroutine tasks_run()
    type(fib) :: f
    type(fib), target :: many(200)
    type(ppar_task_group) :: group
    integer :: i, stat
    f%n = 18
    call f%run()
    call expect(f%value == 2584, 'tasks that spawn tasks')
    call group%begin(ppar_options(name='many'))
    do i = 1, size(many)
      many(i)%n = mod(i, 10)
      call group%spawn(many(i))
    end do
    call group%wait()
    call expect(sum(many%value) == 20*(0 + 1 + 1 + 2 + 3 + 5 + 8 + 13 + 21 + 34), 'each task once')
    call group%begin()
    call group%cancel(9)
    call expect(group%is_canceled(), 'a cancelled group knows it')
    f%value = -1
    call group%spawn(f, stat)
    call expect(stat == ppar_ecanceled .and. f%value == -1, 'a cancelled group drops tasks')
    call group%wait(stat)
    call expect(stat == 9, 'the status of a cancelled group')
    call group%begin(ppar_options(threads=-1), stat)
    call expect(stat == ppar_einval, 'a group refuses bad options')
    call check_case('tasks run, are waited for and are cancelled')
  end subroutine
end module

program regions
  use check
  use region_cases
  implicit none
  call check_begin()
  call teams_have_their_threads()
  call constructs_hold()
  call pranges_run_each_iteration_once()
  call teams_reduce()
  call regions_are_cancelled()
  call tasks_run()
  call check_end()
end program
