! SPDX-License-Identifier: MIT
! ppar.f90: ppar for Fortran: parallel loops, reductions, regions and tasks as a module over the C library.
!
!     program first
!       use, intrinsic :: iso_fortran_env, only: int64, real64
!       use ppar
!       implicit none
!       real(real64) :: x(1000), y(1000)
!       x = 1
!       y = 2
!       call ppar_for(1, 1000, axpy)
!       print *, sum(y)
!     contains
!       recursive subroutine axpy(chunk)
!         type(ppar_chunk), intent(in) :: chunk
!         integer(int64) :: i
!         do i = chunk%first, chunk%last, chunk%step
!           y(i) = y(i) + 2*x(i)
!         end do
!       end subroutine
!     end program
!
! equals the loop `do i = 1, 1000` over the same statement. Compile this file beside the program, since files of
! compiled modules suit one compiler alone:
!
!     gfortran -O2 -frecursive $(pkg-config --variable=includedir ppar)/ppar/ppar.f90 first.f90 \
!       $(pkg-config --libs ppar)
!
! What the program gives to the library runs on several threads at once. It has to be recursive, by that word or by
! -frecursive: gfortran keeps large local arrays of other procedures in one place for all threads. Variables with the
! save attribute, which an initial value in a declaration implies, are shared by all threads, too.
!
! Procedures and objects. A body is a procedure or an object of a type that extends ppar_loop. An internal procedure
! (after contains) sees the variables around it, but to pass one gfortran writes a few instructions onto the stack,
! which then must be executable; systems that forbid this end such a program. Module procedures, and objects, whose
! components carry what the body works on, need no such thing.
!
! Errors. Each call that can fail has stat and errmsg, as allocate has: with stat the program goes on and finds the
! status there, 0 for success; without it a failure ends the program (error stop) with the status's text. The library
! itself tells of refused arguments on standard error. Statuses and what constructs mean: the C headers, of the same
! names (ppar_for: ppar/loop.h; ppar_reduce: reduce.h; ppar_parallel: team.h; ppar_task_group: task.h).
module ppar
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: error_unit, int32, int64, real32, real64
  use, intrinsic :: ieee_arithmetic, only: ieee_is_nan
  implicit none
  private

  public :: ppar_for, ppar_reduce, ppar_parallel, ppar_cancel, ppar_is_canceled
  public :: ppar_loop, ppar_reducer, ppar_region, ppar_task, ppar_task_group, ppar_team, ppar_prange, ppar_chunk
  public :: ppar_body, ppar_region_body
  public :: ppar_fold_real64, ppar_fold_real32, ppar_fold_int64, ppar_fold_int32
  public :: ppar_operation, ppar_sum, ppar_prod, ppar_min, ppar_max
  public :: ppar_options, ppar_schedule, ppar_auto, ppar_static, ppar_dynamic, ppar_guided, ppar_runtime
  public :: ppar_monotonic, ppar_nonmonotonic
  public :: ppar_pool, ppar_pool_create, ppar_pool_destroy
  public :: ppar_max_threads, ppar_thread_num, ppar_num_threads, ppar_wtime, ppar_wtick
  public :: ppar_rng, ppar_rng_stream, ppar_rng_skip, ppar_rng_u64, ppar_rng_f64, ppar_rng_f32, ppar_rng_below
  public :: ppar_rng_normal_f64, ppar_rng_exponential_f64
  public :: ppar_strerror, ppar_version
  public :: ppar_ok, ppar_einval, ppar_enomem, ppar_eagain, ppar_ebusy, ppar_ecanceled
  public :: ppar_c_parallel_for, ppar_chunk_c, ppar_options_c

  integer, parameter :: ppar_ok = 0         ! done
  integer, parameter :: ppar_einval = -1    ! an argument is out of its range; nothing was run
  integer, parameter :: ppar_enomem = -2    ! no memory
  integer, parameter :: ppar_eagain = -3    ! the system would not give the threads that were asked for
  integer, parameter :: ppar_ebusy = -4     ! the object is in use
  integer, parameter :: ppar_ecanceled = -5 ! a body cancelled the loop and gave no status of its own

  ! A run of iterations: first, first + step, ..., last, which is the last one that is run: do i = first, last, step.
  type :: ppar_chunk
    integer(int64) :: first, last, step
    integer :: thread ! the slot, 0 ... T-1: never in use by two threads at once within a loop
    type(c_ptr), private :: c = c_null_ptr
  end type

  ! How iterations are divided: made by the functions below, e.g. ppar_dynamic(16).
  type, bind(C) :: ppar_schedule
    integer(c_int) :: kind = 0, order = 0
    integer(c_int64_t) :: chunk = 0
  end type

  ! Threads of its own for loops that are to have some; see ppar_pool_create.
  type :: ppar_pool
    type(c_ptr), private :: c = c_null_ptr
  end type

  ! What a loop or region is asked for: ppar_options(threads=4, schedule=ppar_dynamic(16)). What is not named has its
  ! default. One that a construct does not take is refused.
  type :: ppar_options
    type(ppar_schedule) :: schedule = ppar_schedule() ! default ppar_auto()
    integer :: threads = 0                            ! default the pool's; OpenMP: num_threads
    logical :: reproducible = .false.                 ! reductions: the same bits for all threads and schedules
    logical :: nowait = .false.                       ! pranges: no barrier at the end
    logical :: ordered = .false.                      ! pranges: iterations may leave ordered_begin out
    type(ppar_pool) :: pool = ppar_pool()             ! default the pool that all loops share
    character(63) :: name = ''                        ! for reports, pictures and debuggers
  end type

  ! A place in a stream of random numbers: for iteration i, ppar_rng_stream(seed, i), whichever thread runs it.
  type, bind(C) :: ppar_rng
    private
    integer(c_int64_t) :: words(4 + 8) = 0
  end type

  ! How values combine: one of the four constants.
  type :: ppar_operation
    private
    integer :: number
  end type
  type(ppar_operation), parameter :: ppar_sum = ppar_operation(1), ppar_prod = ppar_operation(2), &
                                     ppar_min = ppar_operation(3), ppar_max = ppar_operation(4)

  ! A loop's body with what it works on. run is called on several threads at once, for different chunks of the same
  ! object: what it writes is shared, as in OpenMP.
  type, abstract :: ppar_loop
  contains
    procedure(loop_run), deferred :: run
  end type

  ! A reduction of any value: each slot gets a copy of the object, which clear sets to the value that changes nothing,
  ! and to which fold adds the iterations of a chunk. In the end the object itself becomes all of them, and what it was
  ! before, combined in slot order. Data that all copies share are best pointers: allocatable components are copied.
  type, abstract :: ppar_reducer
  contains
    procedure(reducer_clear), deferred :: clear
    procedure(reducer_fold), deferred :: fold
    procedure(reducer_combine), deferred :: combine
  end type

  ! What every thread of a team runs, with what it works on.
  type, abstract :: ppar_region
  contains
    procedure(region_run), deferred :: run
  end type

  ! A piece of work that any thread may run.
  type, abstract :: ppar_task
  contains
    procedure(task_run), deferred :: run
  end type

  ! One thread's membership in a team, for that thread while its region runs. barrier, reduce, single and pranges are
  ! for all threads of the team, in the same order.
  type :: ppar_team
    type(c_ptr), private :: c = c_null_ptr
  contains
    procedure :: thread => team_thread            ! 0 ... T-1; OpenMP: omp_get_thread_num
    procedure :: size => team_size                ! T
    procedure :: barrier => team_barrier          ! waits for all threads of the team
    procedure :: master => team_master            ! true on thread 0
    procedure :: single => team_single            ! true on the first thread that comes; no barrier
    procedure :: critical_begin, critical_end     ! one thread of the process at a time; a name is optional
    procedure :: ordered_begin, ordered_end       ! in a prange: iteration i, in the serial loop's order
    procedure :: cancel => team_cancel            ! the region ends with the status
    procedure :: is_canceled => team_is_canceled
    procedure, private :: team_reduce_real64, team_reduce_real32, team_reduce_int64, team_reduce_int32
    ! reduce(mine, operation, result): combines the threads' values in thread order and folds the outcome into result
    ! on every thread, and waits as a barrier does. result is shared, or each thread's own; it is not mine.
    generic :: reduce => team_reduce_real64, team_reduce_real32, team_reduce_int64, team_reduce_int32
  end type

  ! The C library's structs of a prange in progress, and of a piece of it.
  type, bind(C) :: part_c
    integer(c_int64_t) :: begin, count
  end type
  type, bind(C) :: cursor_c
    type(c_ptr) :: team = c_null_ptr
    integer(c_int64_t) :: left_begin = 0, left_count = 0, step = 1
    logical(c_bool) :: open = .true., more = .true., by_macro = .false., nowait = .false.
  end type

  ! A loop divided among the threads of a team; OpenMP: do.
  !
  !     call loop%open(team, 1, n)
  !     do while (loop%next(chunk))
  !       do i = chunk%first, chunk%last, chunk%step
  !         ...
  !       end do
  !     end do
  !
  ! After the last chunk next waits for the other threads, unless the options say nowait. A thread that leaves earlier
  ! calls close, which then waits.
  type :: ppar_prange
    type(cursor_c), private :: cursor
    integer(int64), private :: step = 1
    logical, private :: is_open = .false.
  contains
    procedure, private :: prange_open_int32, prange_open_int64
    generic :: open => prange_open_int32, prange_open_int64
    procedure :: next => prange_next
    procedure :: close => prange_close
  end type

  type, bind(C) :: task_group_c
    integer(c_int64_t) :: words(8) = 0
  end type

  ! Tasks that are waited for together: begin, spawn, wait, by one thread. A spawned task lives until wait returns.
  type :: ppar_task_group
    type(task_group_c), private :: c
  contains
    procedure :: begin => group_begin
    procedure :: spawn => group_spawn
    procedure :: wait => group_wait
    procedure :: cancel => group_cancel
    procedure :: is_canceled => group_is_canceled
  end type

  abstract interface
    ! Runs the chunk's iterations.
    subroutine ppar_body(chunk)
      import :: ppar_chunk
      type(ppar_chunk), intent(in) :: chunk
    end subroutine
    subroutine loop_run(self, chunk)
      import :: ppar_loop, ppar_chunk
      class(ppar_loop), intent(inout) :: self
      type(ppar_chunk), intent(in) :: chunk
    end subroutine

    ! Folds the chunk's iterations into value, which is the thread's own.
    subroutine ppar_fold_real64(chunk, value)
      import :: ppar_chunk, real64
      type(ppar_chunk), intent(in) :: chunk
      real(real64), intent(inout) :: value
    end subroutine
    subroutine ppar_fold_real32(chunk, value)
      import :: ppar_chunk, real32
      type(ppar_chunk), intent(in) :: chunk
      real(real32), intent(inout) :: value
    end subroutine
    subroutine ppar_fold_int64(chunk, value)
      import :: ppar_chunk, int64
      type(ppar_chunk), intent(in) :: chunk
      integer(int64), intent(inout) :: value
    end subroutine
    subroutine ppar_fold_int32(chunk, value)
      import :: ppar_chunk, int32
      type(ppar_chunk), intent(in) :: chunk
      integer(int32), intent(inout) :: value
    end subroutine
    subroutine reducer_clear(self)
      import :: ppar_reducer
      class(ppar_reducer), intent(inout) :: self
    end subroutine
    subroutine reducer_fold(self, chunk)
      import :: ppar_reducer, ppar_chunk
      class(ppar_reducer), intent(inout) :: self
      type(ppar_chunk), intent(in) :: chunk
    end subroutine
    ! self = self combined with other, which is of the same type.
    subroutine reducer_combine(self, other)
      import :: ppar_reducer
      class(ppar_reducer), intent(inout) :: self
      class(ppar_reducer), intent(in) :: other
    end subroutine

    subroutine ppar_region_body(team)
      import :: ppar_team
      type(ppar_team), intent(in) :: team
    end subroutine
    subroutine region_run(self, team)
      import :: ppar_region, ppar_team
      class(ppar_region), intent(inout) :: self
      type(ppar_team), intent(in) :: team
    end subroutine
    subroutine task_run(self)
      import :: ppar_task
      class(ppar_task), intent(inout) :: self
    end subroutine
  end interface

  ! ppar_for(first, last, body [, options, step, stat, errmsg]): do i = first, last, step with its iterations in any
  ! order and at the same time. Bounds and step are of one kind, int32 or int64. OpenMP: parallel do.
  interface ppar_for
    module procedure for_body_int32, for_body_int64, for_loop_int32, for_loop_int64
  end interface

  ! ppar_reduce(first, last, fold, operation, value [, options, step, stat, errmsg]): folds all iterations and combines
  ! the outcome into what value holds. If the status is not 0, value is as it was. NaNs win in ppar_min and ppar_max.
  ! ppar_reduce(first, last, reducer [, options, step, stat, errmsg]): the same for an object of the program's own.
  ! OpenMP: parallel do reduction(operation : value).
  interface ppar_reduce
    module procedure reduce_real64_int32, reduce_real64_int64, reduce_real32_int32, reduce_real32_int64
    module procedure reduce_int64_int32, reduce_int64_int64, reduce_int32_int32, reduce_int32_int64
    module procedure reduce_any_int32, reduce_any_int64
  end interface

  ! ppar_parallel(region [, options, stat, errmsg]): runs a procedure or an object on T threads at the same time.
  ! OpenMP: parallel.
  interface ppar_parallel
    module procedure parallel_body, parallel_region
  end interface

  interface bounds_of
    module procedure bounds_of_int32, bounds_of_int64
  end interface

  ! ppar_static(), ppar_static(16) and so on; OpenMP: schedule(static), schedule(static, 16).
  interface ppar_static
    module procedure static_none, static_int32, static_int64
  end interface
  interface ppar_dynamic
    module procedure dynamic_none, dynamic_int32, dynamic_int64
  end interface
  interface ppar_guided
    module procedure guided_none, guided_int32, guided_int64
  end interface

  ! The C library's own structs. The chunk is the library's, and longer than this. The options may grow: their size
  ! says how many fields these have; 0 stands for those of release 0.2, which are these.
  type, bind(C) :: ppar_chunk_c
    integer(c_int64_t) :: begin, end, step, count ! end is behind the last index
    integer(c_int) :: thread
  end type
  type, bind(C) :: ppar_options_c
    integer(c_size_t) :: size = 0
    type(ppar_schedule) :: schedule = ppar_schedule()
    integer(c_int) :: threads = 0
    logical(c_bool) :: reproducible = .false., nowait = .false., ordered = .false.
    type(c_ptr) :: pool = c_null_ptr
    integer(c_int64_t) :: step = 0
    type(c_ptr) :: name = c_null_ptr
    integer(c_int64_t) :: tile(3) = 0
  end type
  type, bind(C) :: ppar_pool_options_c
    integer(c_size_t) :: size = 0
    integer(c_int) :: threads = 0
    integer(c_size_t) :: stack_size = 0
    integer(c_int) :: wait = 0, bind = 0
    type(c_ptr) :: places = c_null_ptr, name = c_null_ptr
  end type
  type, bind(C) :: ppar_reduction_c
    integer(c_size_t) :: size
    type(c_ptr) :: identity
    type(c_funptr) :: combine
  end type

  interface
    ! The library's own function, for bodies with bind(C): subroutine body(chunk, arg), type(ppar_chunk_c) :: chunk,
    ! type(c_ptr), value :: arg. end is behind the last index. options: c_null_ptr or c_loc of a ppar_options_c.
    integer(c_int) function ppar_c_parallel_for(begin, end, body, arg, options) bind(C, name='ppar_parallel_for')
      import
      integer(c_int64_t), value :: begin, end
      type(c_funptr), value :: body
      type(c_ptr), value :: arg, options
    end function
    integer(c_int) function c_parallel_reduce(begin, end, fold, arg, reduction, result, options) &
        bind(C, name='ppar_parallel_reduce')
      import
      integer(c_int64_t), value :: begin, end
      type(c_funptr), value :: fold
      type(c_ptr), value :: arg, result
      type(ppar_reduction_c), intent(in) :: reduction
      type(ppar_options_c), intent(in) :: options
    end function
    integer(c_int) function c_parallel_for(begin, end, body, arg, options) bind(C, name='ppar_parallel_for')
      import
      integer(c_int64_t), value :: begin, end
      type(c_funptr), value :: body
      type(c_ptr), value :: arg
      type(ppar_options_c), intent(in) :: options
    end function
    integer(c_int) function c_parallel(region, arg, options) bind(C, name='ppar_parallel')
      import
      type(c_funptr), value :: region
      type(c_ptr), value :: arg
      type(ppar_options_c), intent(in) :: options
    end function
    subroutine c_cancel(chunk, status) bind(C, name='ppar_cancel')
      import
      type(c_ptr), value :: chunk
      integer(c_int), value :: status
    end subroutine
    logical(c_bool) function c_is_canceled(chunk) bind(C, name='ppar_is_canceled')
      import
      type(c_ptr), value :: chunk
    end function

    integer(c_int) function c_team_thread(team) bind(C, name='ppar_team_thread')
      import
      type(c_ptr), value :: team
    end function
    integer(c_int) function c_team_size(team) bind(C, name='ppar_team_size')
      import
      type(c_ptr), value :: team
    end function
    subroutine c_barrier(team) bind(C, name='ppar_barrier')
      import
      type(c_ptr), value :: team
    end subroutine
    logical(c_bool) function c_master(team) bind(C, name='ppar_master')
      import
      type(c_ptr), value :: team
    end function
    logical(c_bool) function c_single(team) bind(C, name='ppar_single')
      import
      type(c_ptr), value :: team
    end function
    subroutine c_critical_begin(team, name) bind(C, name='ppar_critical_begin')
      import
      type(c_ptr), value :: team, name
    end subroutine
    subroutine c_critical_end(team, name) bind(C, name='ppar_critical_end')
      import
      type(c_ptr), value :: team, name
    end subroutine
    subroutine c_ordered_begin(team, i) bind(C, name='ppar_ordered_begin')
      import
      type(c_ptr), value :: team
      integer(c_int64_t), value :: i
    end subroutine
    subroutine c_ordered_end(team, i) bind(C, name='ppar_ordered_end')
      import
      type(c_ptr), value :: team
      integer(c_int64_t), value :: i
    end subroutine
    subroutine c_cancel_region(team, status) bind(C, name='ppar_cancel_region')
      import
      type(c_ptr), value :: team
      integer(c_int), value :: status
    end subroutine
    logical(c_bool) function c_region_is_canceled(team) bind(C, name='ppar_region_is_canceled')
      import
      type(c_ptr), value :: team
    end function
    subroutine c_team_reduce(team, mine, result, reduction) bind(C, name='ppar_team_reduce')
      import
      type(c_ptr), value :: team, mine, result
      type(ppar_reduction_c), intent(in) :: reduction
    end subroutine

    subroutine c_prange_open(cursor, team, begin, end, options) bind(C, name='ppar_prange_open_')
      import
      type(cursor_c), intent(inout) :: cursor
      type(c_ptr), value :: team
      integer(c_int64_t), value :: begin, end
      type(ppar_options_c), intent(in) :: options
    end subroutine
    function c_prange_next(cursor) bind(C, name='ppar_prange_next_')
      import
      type(part_c) :: c_prange_next
      type(cursor_c), intent(inout) :: cursor
    end function
    subroutine c_prange_end(cursor) bind(C, name='ppar_prange_end_')
      import
      type(cursor_c), intent(inout) :: cursor
    end subroutine

    integer(c_int) function c_group_begin(group, options) bind(C, name='ppar_task_group_begin')
      import
      type(task_group_c), intent(inout) :: group
      type(ppar_options_c), intent(in) :: options
    end function
    integer(c_int) function c_group_spawn_copy(group, task, arg, size) bind(C, name='ppar_task_spawn_copy')
      import
      type(task_group_c), intent(inout) :: group
      type(c_funptr), value :: task
      type(c_ptr), value :: arg
      integer(c_size_t), value :: size
    end function
    integer(c_int) function c_group_wait(group) bind(C, name='ppar_task_group_wait')
      import
      type(task_group_c), intent(inout) :: group
    end function
    subroutine c_group_cancel(group, status) bind(C, name='ppar_task_group_cancel')
      import
      type(task_group_c), intent(inout) :: group
      integer(c_int), value :: status
    end subroutine
    logical(c_bool) function c_group_is_canceled(group) bind(C, name='ppar_task_group_is_canceled')
      import
      type(task_group_c), intent(in) :: group
    end function

    integer(c_int) function c_pool_create(pool, options) bind(C, name='ppar_pool_create')
      import
      type(c_ptr), intent(inout) :: pool
      type(ppar_pool_options_c), intent(in) :: options
    end function
    integer(c_int) function c_pool_destroy(pool) bind(C, name='ppar_pool_destroy')
      import
      type(c_ptr), value :: pool
    end function
    integer(c_int) function c_max_threads(pool) bind(C, name='ppar_max_threads')
      import
      type(c_ptr), value :: pool
    end function
    ! The calling thread's number in the innermost loop or region, and T; 0 and 1 outside.
    integer(c_int) function ppar_thread_num() bind(C, name='ppar_thread_num')
      import
    end function
    integer(c_int) function ppar_num_threads() bind(C, name='ppar_num_threads')
      import
    end function
    ! Seconds since some moment, and how fine they are; OpenMP: omp_get_wtime, omp_get_wtick.
    real(c_double) function ppar_wtime() bind(C, name='ppar_wtime')
      import
    end function
    real(c_double) function ppar_wtick() bind(C, name='ppar_wtick')
      import
    end function
    ! The beginning of stream `stream` of the seed; any two numbers will do. The same bits on every machine.
    function ppar_rng_stream(seed, stream) bind(C, name='ppar_rng_stream')
      import
      integer(c_int64_t), value :: seed, stream
      type(ppar_rng) :: ppar_rng_stream
    end function
    ! Each goes forward by one: 64 random bits; reals of at least 0 and less than 1; a whole number of 0 ... n-1, all as
    ! likely; normal and exponential numbers.
    integer(c_int64_t) function ppar_rng_u64(rng) bind(C, name='ppar_rng_u64')
      import
      type(ppar_rng), intent(inout) :: rng
    end function
    real(c_double) function ppar_rng_f64(rng) bind(C, name='ppar_rng_f64')
      import
      type(ppar_rng), intent(inout) :: rng
    end function
    real(c_float) function ppar_rng_f32(rng) bind(C, name='ppar_rng_f32')
      import
      type(ppar_rng), intent(inout) :: rng
    end function
    ! A whole number of 0 ... n-1; 0 for n = 0. C's n has no sign: a negative one stands for 2**64 + n.
    integer(c_int64_t) function ppar_rng_below(rng, n) bind(C, name='ppar_rng_below')
      import
      type(ppar_rng), intent(inout) :: rng
      integer(c_int64_t), value :: n
    end function
    real(c_double) function ppar_rng_normal_f64(rng) bind(C, name='ppar_rng_normal_f64')
      import
      type(ppar_rng), intent(inout) :: rng
    end function
    real(c_double) function ppar_rng_exponential_f64(rng) bind(C, name='ppar_rng_exponential_f64')
      import
      type(ppar_rng), intent(inout) :: rng
    end function
    ! Goes forward by so many numbers, in no time.
    subroutine ppar_rng_skip(rng, numbers) bind(C, name='ppar_rng_skip')
      import
      type(ppar_rng), intent(inout) :: rng
      integer(c_int64_t), value :: numbers
    end subroutine
    type(c_ptr) function c_strerror(status) bind(C, name='ppar_strerror')
      import
      integer(c_int), value :: status
    end function
    type(c_ptr) function c_version() bind(C, name='ppar_version')
      import
    end function
    integer(c_size_t) function c_strlen(text) bind(C, name='strlen')
      import
      type(c_ptr), value :: text
    end function
  end interface

  ! Bounds as the C library has them; problem: why there are none.
  type :: bounds
    integer(int64) :: first = 0, last = 0, step = 1, past = 0
    character(:), allocatable :: problem
  end type

  ! Options as the C library has them, with room for the name; problem: why there are none.
  type :: given_options
    type(ppar_options_c) :: c
    character(kind=c_char) :: name(64) = c_null_char
    character(:), allocatable :: problem
  end type

  ! What the C library hands back to the procedures that it calls.
  type :: loop_call
    class(ppar_loop), pointer :: loop => null()
    procedure(ppar_body), pointer, nopass :: body => null()
  end type
  type :: fold_call
    procedure(ppar_fold_real64), pointer, nopass :: real64 => null()
    procedure(ppar_fold_real32), pointer, nopass :: real32 => null()
    procedure(ppar_fold_int64), pointer, nopass :: int64 => null()
    procedure(ppar_fold_int32), pointer, nopass :: int32 => null()
  end type
  type :: partial
    class(ppar_reducer), allocatable :: value
  end type
  type :: reducer_call
    class(ppar_reducer), pointer :: reducer => null()
    type(partial), allocatable :: partials(:)
    type(bounds) :: range
    integer(int64) :: count = 0, blocks = 0 ! blocks: 0 unless the reduction is reproducible
  end type
  type :: region_call
    class(ppar_region), pointer :: region => null()
    procedure(ppar_region_body), pointer, nopass :: body => null()
  end type
  type :: task_call
    class(ppar_task), pointer :: task => null()
  end type

  ! Reproducible reductions of objects cut a loop into so many blocks, however many threads there are: enough for the
  ! threads of one machine, and few enough for the copies of large objects.
  integer(int64), parameter :: most_blocks = 256

  ! The values that change nothing, in the order of the operations.
  integer(int64), parameter :: infinity_bits = int(z'7FF0000000000000', int64)
  real(real64), parameter :: infinity = transfer(infinity_bits, 0.0_real64)
  integer(int32), parameter :: infinity32_bits = int(z'7F800000', int32)
  real(real32), parameter :: infinity32 = transfer(infinity32_bits, 0.0_real32)
  integer(int64), parameter :: least_int64 = ibset(0_int64, 63)
  integer(int32), parameter :: least_int32 = ibset(0_int32, 31)
  real(real64), target, save :: neutral_real64(4) = [0.0_real64, 1.0_real64, infinity, -infinity]
  real(real32), target, save :: neutral_real32(4) = [0.0_real32, 1.0_real32, infinity32, -infinity32]
  integer(int64), target, save :: neutral_int64(4) = [0_int64, 1_int64, huge(0_int64), least_int64]
  integer(int32), target, save :: neutral_int32(4) = [0_int32, 1_int32, huge(0_int32), least_int32]

  integer, parameter :: is_real64 = 1, is_real32 = 2, is_int64 = 3, is_int32 = 4

contains
  ! ---- Loops

  recursive subroutine for_body_int32(first, last, body, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    procedure(ppar_body) :: body
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(loop_call), target :: given
    given%body => body
    call for_any(bounds_of(first, last, step), given, options, stat, errmsg)
  end subroutine

  recursive subroutine for_body_int64(first, last, body, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    procedure(ppar_body) :: body
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(loop_call), target :: given
    given%body => body
    call for_any(bounds_of(first, last, step), given, options, stat, errmsg)
  end subroutine

  recursive subroutine for_loop_int32(first, last, loop, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    class(ppar_loop), intent(inout), target :: loop
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(loop_call), target :: given
    given%loop => loop
    call for_any(bounds_of(first, last, step), given, options, stat, errmsg)
  end subroutine

  recursive subroutine for_loop_int64(first, last, loop, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    class(ppar_loop), intent(inout), target :: loop
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(loop_call), target :: given
    given%loop => loop
    call for_any(bounds_of(first, last, step), given, options, stat, errmsg)
  end subroutine

  recursive subroutine for_any(range, given, options, stat, errmsg)
    type(bounds), intent(in) :: range
    type(loop_call), intent(in), target :: given
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(given_options), target :: c
    integer :: status
    call read_options(c, options, range)
    status = ppar_einval
    if (.not. allocated(c%problem)) &
      status = c_parallel_for(range%first, range%past, c_funloc(run_chunk), c_loc(given), c%c)
    call finish('ppar_for', status, stat, errmsg, c%problem)
  end subroutine

  recursive subroutine run_chunk(chunk, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    type(c_ptr), value :: arg
    type(loop_call), pointer :: given
    call c_f_pointer(arg, given)
    if (associated(given%loop)) then
      call given%loop%run(chunk_of(chunk))
    else
      call given%body(chunk_of(chunk))
    end if
  end subroutine

  ! Called by a body or fold: its chunk has failed. The loop's status is that of the lowest failing chunk, the serial
  ! loop's, and chunks after it are skipped. Statuses of the program's own are positive. The body goes on until it
  ! returns.
  subroutine ppar_cancel(chunk, status)
    type(ppar_chunk), intent(in) :: chunk
    integer, intent(in) :: status
    call c_cancel(chunk%c, int(status, c_int))
  end subroutine

  ! Called by a body: whether its chunk, or one before it, has failed. What it still computes does not count then.
  logical function ppar_is_canceled(chunk)
    type(ppar_chunk), intent(in) :: chunk
    ppar_is_canceled = logical(c_is_canceled(chunk%c))
  end function

  function chunk_of(c) result(chunk)
    type(ppar_chunk_c), intent(in), target :: c
    type(ppar_chunk) :: chunk
    chunk%first = c%begin
    chunk%last = c%begin + (c%count - 1)*c%step
    chunk%step = c%step
    chunk%thread = c%thread
    chunk%c = c_loc(c)
  end function

  ! ---- Reductions

  recursive subroutine reduce_real64_int32(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    procedure(ppar_fold_real64) :: fold
    type(ppar_operation), intent(in) :: operation
    real(real64), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%real64 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_real64), c_loc(given), &
                    reduction_of(operation, is_real64), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_real64_int64(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    procedure(ppar_fold_real64) :: fold
    type(ppar_operation), intent(in) :: operation
    real(real64), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%real64 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_real64), c_loc(given), &
                    reduction_of(operation, is_real64), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_real32_int32(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    procedure(ppar_fold_real32) :: fold
    type(ppar_operation), intent(in) :: operation
    real(real32), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%real32 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_real32), c_loc(given), &
                    reduction_of(operation, is_real32), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_real32_int64(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    procedure(ppar_fold_real32) :: fold
    type(ppar_operation), intent(in) :: operation
    real(real32), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%real32 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_real32), c_loc(given), &
                    reduction_of(operation, is_real32), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_int64_int32(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    procedure(ppar_fold_int64) :: fold
    type(ppar_operation), intent(in) :: operation
    integer(int64), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%int64 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_int64), c_loc(given), &
                    reduction_of(operation, is_int64), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_int64_int64(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    procedure(ppar_fold_int64) :: fold
    type(ppar_operation), intent(in) :: operation
    integer(int64), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%int64 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_int64), c_loc(given), &
                    reduction_of(operation, is_int64), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_int32_int32(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    procedure(ppar_fold_int32) :: fold
    type(ppar_operation), intent(in) :: operation
    integer(int32), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%int32 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_int32), c_loc(given), &
                    reduction_of(operation, is_int32), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_int32_int64(first, last, fold, operation, value, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    procedure(ppar_fold_int32) :: fold
    type(ppar_operation), intent(in) :: operation
    integer(int32), intent(inout), target :: value
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(fold_call), target :: given
    given%int32 => fold
    call reduce_any(bounds_of(first, last, step), c_funloc(run_fold_int32), c_loc(given), &
                    reduction_of(operation, is_int32), c_loc(value), options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_any_int32(first, last, reducer, options, step, stat, errmsg)
    integer(int32), intent(in) :: first, last
    class(ppar_reducer), intent(inout), target :: reducer
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    call reduce_object(bounds_of(first, last, step), reducer, options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_any_int64(first, last, reducer, options, step, stat, errmsg)
    integer(int64), intent(in) :: first, last
    class(ppar_reducer), intent(inout), target :: reducer
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    call reduce_object(bounds_of(first, last, step), reducer, options, stat, errmsg)
  end subroutine

  recursive subroutine reduce_any(range, fold, given, reduction, value, options, stat, errmsg)
    type(bounds), intent(in) :: range
    type(c_funptr), value :: fold ! gfortran makes constants of arguments that it passes by reference: text relocations
    type(c_ptr), intent(in) :: given, value
    type(ppar_reduction_c), intent(in) :: reduction
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(given_options), target :: c
    integer :: status
    call read_options(c, options, range)
    status = ppar_einval
    if (.not. allocated(c%problem)) &
      status = c_parallel_reduce(range%first, range%past, fold, given, reduction, value, c%c)
    call finish('ppar_reduce', status, stat, errmsg, c%problem)
  end subroutine

  ! A loop whose slots, or blocks, have a copy each, and the copies combined in order.
  recursive subroutine reduce_object(range, reducer, options, stat, errmsg)
    type(bounds), intent(in) :: range
    class(ppar_reducer), intent(inout), target :: reducer
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(given_options), target :: c
    type(reducer_call), target :: given
    integer(int64) :: past, distance, i
    integer :: status
    call read_options(c, options, range)
    if (allocated(c%problem)) then
      call finish('ppar_reduce', ppar_einval, stat, errmsg, c%problem)
      return
    end if
    if (c%c%threads == 0) c%c%threads = c_max_threads(c%c%pool)
    given%reducer => reducer
    given%range = range
    given%count = count_of(range)
    if (c%c%reproducible) then
      given%blocks = min(given%count, most_blocks)
      c%c%step = 1
      c%c%schedule%chunk = 0 ! counts iterations, and not blocks
      allocate (given%partials(0:given%blocks - 1), stat=status)
      past = given%blocks
    else
      allocate (given%partials(0:c%c%threads - 1), stat=status)
      past = range%past
    end if
    if (status /= 0) then
      call finish('ppar_reduce', ppar_enomem, stat, errmsg)
      return
    end if
    if (c%c%reproducible) then
      status = c_parallel_for(0_int64, past, c_funloc(run_reducer_blocks), c_loc(given), c%c)
    else
      status = c_parallel_for(range%first, past, c_funloc(run_reducer), c_loc(given), c%c)
    end if
    if (status == ppar_ok .and. c%c%reproducible) then
      ! A tree that depends on the number of blocks alone.
      distance = 1
      do while (distance < given%blocks)
        do i = 0, given%blocks - 1 - distance, 2*distance
          call given%partials(i)%value%combine(given%partials(i + distance)%value)
        end do
        distance = 2*distance
      end do
      if (given%blocks > 0) call reducer%combine(given%partials(0)%value)
    else if (status == ppar_ok) then
      do i = 0, size(given%partials) - 1
        if (allocated(given%partials(i)%value)) call reducer%combine(given%partials(i)%value)
      end do
    end if
    call finish('ppar_reduce', status, stat, errmsg)
  end subroutine

  recursive subroutine run_reducer(chunk, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    type(c_ptr), value :: arg
    type(reducer_call), pointer :: given
    call c_f_pointer(arg, given)
    call fold_into(given%partials(chunk%thread), given%reducer, chunk_of(chunk))
  end subroutine

  recursive subroutine run_reducer_blocks(chunk, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    type(c_ptr), value :: arg
    type(reducer_call), pointer :: given
    type(ppar_chunk) :: block
    integer(int64) :: b
    call c_f_pointer(arg, given)
    do b = chunk%begin, chunk%end - 1
      block%first = given%range%first + block_start(given, b)*given%range%step
      block%last = given%range%first + (block_start(given, b + 1) - 1)*given%range%step
      block%step = given%range%step
      block%thread = chunk%thread
      block%c = c_loc(chunk)
      call fold_into(given%partials(b), given%reducer, block)
    end do
  end subroutine

  ! The number of the block's first iteration: blocks differ by one at most.
  integer(int64) function block_start(given, b)
    type(reducer_call), intent(in) :: given
    integer(int64), intent(in) :: b
    block_start = b*(given%count/given%blocks) + min(b, mod(given%count, given%blocks))
  end function

  recursive subroutine fold_into(into, reducer, chunk)
    type(partial), intent(inout) :: into
    class(ppar_reducer), intent(in) :: reducer
    type(ppar_chunk), intent(in) :: chunk
    if (.not. allocated(into%value)) then
      allocate (into%value, source=reducer)
      call into%value%clear()
    end if
    call into%value%fold(chunk)
  end subroutine

  recursive subroutine run_fold_real64(chunk, value, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    real(c_double), intent(inout) :: value
    type(c_ptr), value :: arg
    type(fold_call), pointer :: given
    call c_f_pointer(arg, given)
    call given%real64(chunk_of(chunk), value)
  end subroutine

  recursive subroutine run_fold_real32(chunk, value, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    real(c_float), intent(inout) :: value
    type(c_ptr), value :: arg
    type(fold_call), pointer :: given
    call c_f_pointer(arg, given)
    call given%real32(chunk_of(chunk), value)
  end subroutine

  recursive subroutine run_fold_int64(chunk, value, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    integer(c_int64_t), intent(inout) :: value
    type(c_ptr), value :: arg
    type(fold_call), pointer :: given
    call c_f_pointer(arg, given)
    call given%int64(chunk_of(chunk), value)
  end subroutine

  recursive subroutine run_fold_int32(chunk, value, arg) bind(C)
    type(ppar_chunk_c), intent(in), target :: chunk
    integer(c_int32_t), intent(inout) :: value
    type(c_ptr), value :: arg
    type(fold_call), pointer :: given
    call c_f_pointer(arg, given)
    call given%int32(chunk_of(chunk), value)
  end subroutine

  function reduction_of(operation, kind) result(reduction)
    type(ppar_operation), intent(in) :: operation
    integer, intent(in) :: kind
    type(ppar_reduction_c) :: reduction
    reduction%combine = combine_of(operation, kind)
    select case (kind)
    case (is_real64)
      reduction%size = c_sizeof(neutral_real64(1))
      reduction%identity = c_loc(neutral_real64(operation%number))
    case (is_real32)
      reduction%size = c_sizeof(neutral_real32(1))
      reduction%identity = c_loc(neutral_real32(operation%number))
    case (is_int64)
      reduction%size = c_sizeof(neutral_int64(1))
      reduction%identity = c_loc(neutral_int64(operation%number))
    case default
      reduction%size = c_sizeof(neutral_int32(1))
      reduction%identity = c_loc(neutral_int32(operation%number))
    end select
  end function

  function combine_of(operation, kind) result(combine)
    type(ppar_operation), intent(in) :: operation
    integer, intent(in) :: kind
    type(c_funptr) :: combine
    select case (4*(operation%number - 1) + kind)
    case (1)
      combine = c_funloc(sum_real64)
    case (2)
      combine = c_funloc(sum_real32)
    case (3)
      combine = c_funloc(sum_int64)
    case (4)
      combine = c_funloc(sum_int32)
    case (5)
      combine = c_funloc(prod_real64)
    case (6)
      combine = c_funloc(prod_real32)
    case (7)
      combine = c_funloc(prod_int64)
    case (8)
      combine = c_funloc(prod_int32)
    case (9)
      combine = c_funloc(min_real64)
    case (10)
      combine = c_funloc(min_real32)
    case (11)
      combine = c_funloc(min_int64)
    case (12)
      combine = c_funloc(min_int32)
    case (13)
      combine = c_funloc(max_real64)
    case (14)
      combine = c_funloc(max_real32)
    case (15)
      combine = c_funloc(max_int64)
    case (16)
      combine = c_funloc(max_int32)
    case default
      combine = c_null_funptr
    end select
  end function

  subroutine sum_real64(into, from) bind(C)
    real(c_double), intent(inout) :: into
    real(c_double), intent(in) :: from
    into = into + from
  end subroutine

  subroutine sum_real32(into, from) bind(C)
    real(c_float), intent(inout) :: into
    real(c_float), intent(in) :: from
    into = into + from
  end subroutine

  subroutine sum_int64(into, from) bind(C)
    integer(c_int64_t), intent(inout) :: into
    integer(c_int64_t), intent(in) :: from
    into = into + from
  end subroutine

  subroutine sum_int32(into, from) bind(C)
    integer(c_int32_t), intent(inout) :: into
    integer(c_int32_t), intent(in) :: from
    into = into + from
  end subroutine

  subroutine prod_real64(into, from) bind(C)
    real(c_double), intent(inout) :: into
    real(c_double), intent(in) :: from
    into = into*from
  end subroutine

  subroutine prod_real32(into, from) bind(C)
    real(c_float), intent(inout) :: into
    real(c_float), intent(in) :: from
    into = into*from
  end subroutine

  subroutine prod_int64(into, from) bind(C)
    integer(c_int64_t), intent(inout) :: into
    integer(c_int64_t), intent(in) :: from
    into = into*from
  end subroutine

  subroutine prod_int32(into, from) bind(C)
    integer(c_int32_t), intent(inout) :: into
    integer(c_int32_t), intent(in) :: from
    into = into*from
  end subroutine

  subroutine min_real64(into, from) bind(C)
    real(c_double), intent(inout) :: into
    real(c_double), intent(in) :: from
    if (from < into .or. ieee_is_nan(from)) into = from
  end subroutine

  subroutine min_real32(into, from) bind(C)
    real(c_float), intent(inout) :: into
    real(c_float), intent(in) :: from
    if (from < into .or. ieee_is_nan(from)) into = from
  end subroutine

  subroutine min_int64(into, from) bind(C)
    integer(c_int64_t), intent(inout) :: into
    integer(c_int64_t), intent(in) :: from
    if (from < into) into = from
  end subroutine

  subroutine min_int32(into, from) bind(C)
    integer(c_int32_t), intent(inout) :: into
    integer(c_int32_t), intent(in) :: from
    if (from < into) into = from
  end subroutine

  subroutine max_real64(into, from) bind(C)
    real(c_double), intent(inout) :: into
    real(c_double), intent(in) :: from
    if (from > into .or. ieee_is_nan(from)) into = from
  end subroutine

  subroutine max_real32(into, from) bind(C)
    real(c_float), intent(inout) :: into
    real(c_float), intent(in) :: from
    if (from > into .or. ieee_is_nan(from)) into = from
  end subroutine

  subroutine max_int64(into, from) bind(C)
    integer(c_int64_t), intent(inout) :: into
    integer(c_int64_t), intent(in) :: from
    if (from > into) into = from
  end subroutine

  subroutine max_int32(into, from) bind(C)
    integer(c_int32_t), intent(inout) :: into
    integer(c_int32_t), intent(in) :: from
    if (from > into) into = from
  end subroutine

  ! ---- Regions

  recursive subroutine parallel_body(region, options, stat, errmsg)
    procedure(ppar_region_body) :: region
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(region_call), target :: given
    given%body => region
    call parallel_any(given, options, stat, errmsg)
  end subroutine

  recursive subroutine parallel_region(region, options, stat, errmsg)
    class(ppar_region), intent(inout), target :: region
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(region_call), target :: given
    given%region => region
    call parallel_any(given, options, stat, errmsg)
  end subroutine

  recursive subroutine parallel_any(given, options, stat, errmsg)
    type(region_call), intent(in), target :: given
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(given_options), target :: c
    integer :: status
    call read_options(c, options)
    status = ppar_einval
    if (.not. allocated(c%problem)) status = c_parallel(c_funloc(run_region), c_loc(given), c%c)
    call finish('ppar_parallel', status, stat, errmsg, c%problem)
  end subroutine

  recursive subroutine run_region(team, arg) bind(C)
    type(c_ptr), value :: team, arg
    type(region_call), pointer :: given
    type(ppar_team) :: mine
    call c_f_pointer(arg, given)
    mine%c = team
    if (associated(given%region)) then
      call given%region%run(mine)
    else
      call given%body(mine)
    end if
  end subroutine

  integer function team_thread(self)
    class(ppar_team), intent(in) :: self
    team_thread = c_team_thread(self%c)
  end function

  integer function team_size(self)
    class(ppar_team), intent(in) :: self
    team_size = c_team_size(self%c)
  end function

  subroutine team_barrier(self)
    class(ppar_team), intent(in) :: self
    call c_barrier(self%c)
  end subroutine

  logical function team_master(self)
    class(ppar_team), intent(in) :: self
    team_master = logical(c_master(self%c))
  end function

  logical function team_single(self)
    class(ppar_team), intent(in) :: self
    team_single = logical(c_single(self%c))
  end function

  recursive subroutine critical_begin(self, name)
    class(ppar_team), intent(in) :: self
    character(*), intent(in), optional :: name
    character(:, c_char), allocatable, target :: text
    text = ''
    if (present(name)) text = trim(name)//c_null_char
    call c_critical_begin(self%c, location(text))
  end subroutine

  recursive subroutine critical_end(self, name)
    class(ppar_team), intent(in) :: self
    character(*), intent(in), optional :: name
    character(:, c_char), allocatable, target :: text
    text = ''
    if (present(name)) text = trim(name)//c_null_char
    call c_critical_end(self%c, location(text))
  end subroutine

  subroutine ordered_begin(self, i)
    class(ppar_team), intent(in) :: self
    integer(int64), intent(in) :: i
    call c_ordered_begin(self%c, i)
  end subroutine

  subroutine ordered_end(self, i)
    class(ppar_team), intent(in) :: self
    integer(int64), intent(in) :: i
    call c_ordered_end(self%c, i)
  end subroutine

  subroutine team_cancel(self, status)
    class(ppar_team), intent(in) :: self
    integer, intent(in) :: status
    call c_cancel_region(self%c, int(status, c_int))
  end subroutine

  logical function team_is_canceled(self)
    class(ppar_team), intent(in) :: self
    team_is_canceled = logical(c_region_is_canceled(self%c))
  end function

  recursive subroutine team_reduce_real64(self, mine, operation, result)
    class(ppar_team), intent(in) :: self
    real(real64), intent(in), target :: mine
    type(ppar_operation), intent(in) :: operation
    real(real64), intent(inout), target :: result
    type(ppar_reduction_c) :: reduction
    reduction = reduction_of(operation, is_real64)
    call c_team_reduce(self%c, c_loc(mine), c_loc(result), reduction)
  end subroutine

  recursive subroutine team_reduce_real32(self, mine, operation, result)
    class(ppar_team), intent(in) :: self
    real(real32), intent(in), target :: mine
    type(ppar_operation), intent(in) :: operation
    real(real32), intent(inout), target :: result
    type(ppar_reduction_c) :: reduction
    reduction = reduction_of(operation, is_real32)
    call c_team_reduce(self%c, c_loc(mine), c_loc(result), reduction)
  end subroutine

  recursive subroutine team_reduce_int64(self, mine, operation, result)
    class(ppar_team), intent(in) :: self
    integer(int64), intent(in), target :: mine
    type(ppar_operation), intent(in) :: operation
    integer(int64), intent(inout), target :: result
    type(ppar_reduction_c) :: reduction
    reduction = reduction_of(operation, is_int64)
    call c_team_reduce(self%c, c_loc(mine), c_loc(result), reduction)
  end subroutine

  recursive subroutine team_reduce_int32(self, mine, operation, result)
    class(ppar_team), intent(in) :: self
    integer(int32), intent(in), target :: mine
    type(ppar_operation), intent(in) :: operation
    integer(int32), intent(inout), target :: result
    type(ppar_reduction_c) :: reduction
    reduction = reduction_of(operation, is_int32)
    call c_team_reduce(self%c, c_loc(mine), c_loc(result), reduction)
  end subroutine

  recursive subroutine prange_open_int32(self, team, first, last, options, step)
    class(ppar_prange), intent(inout) :: self
    type(ppar_team), intent(in) :: team
    integer(int32), intent(in) :: first, last
    type(ppar_options), intent(in), optional :: options
    integer(int32), intent(in), optional :: step
    call prange_open(self, team, bounds_of(first, last, step), options)
  end subroutine

  recursive subroutine prange_open_int64(self, team, first, last, options, step)
    class(ppar_prange), intent(inout) :: self
    type(ppar_team), intent(in) :: team
    integer(int64), intent(in) :: first, last
    type(ppar_options), intent(in), optional :: options
    integer(int64), intent(in), optional :: step
    call prange_open(self, team, bounds_of(first, last, step), options)
  end subroutine

  ! Bounds that there cannot be cancel the region, as options do that are out of range.
  recursive subroutine prange_open(self, team, range, options)
    class(ppar_prange), intent(inout) :: self
    type(ppar_team), intent(in) :: team
    type(bounds), intent(in) :: range
    type(ppar_options), intent(in), optional :: options
    integer, parameter :: static_kind = 1
    type(given_options), target :: c
    integer(int64) :: threads
    self%cursor = cursor_c()
    call read_options(c, options, range, in_region=.true.)
    if (allocated(c%problem)) then
      write (error_unit, '(2a)') 'ppar_prange: ', c%problem
      call c_cancel_region(team%c, ppar_einval)
      return
    end if
    self%step = c%c%step
    ! A thread's chunks of one iteration come as one piece, with those of the other threads between them.
    ! Where those are further away than an integer can say, it has one iteration at most.
    if (c%c%schedule%kind == static_kind .and. c%c%schedule%chunk == 1 .and. .not. c%c%ordered) then
      threads = c_team_size(team%c)
      if (abs(self%step) <= huge(threads)/threads) self%step = self%step*threads
    end if
    call c_prange_open(self%cursor, team%c, range%first, range%past, c%c)
    self%is_open = .true.
  end subroutine

  ! The thread's next chunk; false: there is none, and the prange is over.
  recursive logical function prange_next(self, chunk)
    class(ppar_prange), intent(inout) :: self
    type(ppar_chunk), intent(out) :: chunk
    type(part_c) :: part
    prange_next = .false.
    if (.not. self%is_open) return
    part = c_prange_next(self%cursor)
    prange_next = part%count /= 0
    chunk%first = part%begin
    chunk%last = part%begin + (part%count - 1)*self%step
    chunk%step = self%step
    chunk%thread = c_team_thread(self%cursor%team)
    if (.not. prange_next) call self%close()
  end function

  recursive subroutine prange_close(self)
    class(ppar_prange), intent(inout) :: self
    if (self%is_open) call c_prange_end(self%cursor)
    self%is_open = .false.
  end subroutine

  ! ---- Tasks

  recursive subroutine group_begin(self, options, stat, errmsg)
    class(ppar_task_group), intent(inout) :: self
    type(ppar_options), intent(in), optional :: options
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(given_options), target :: c
    integer :: status
    call read_options(c, options)
    status = ppar_einval
    if (.not. allocated(c%problem)) status = c_group_begin(self%c, c%c)
    call finish('ppar_task_group%begin', status, stat, errmsg, c%problem)
  end subroutine

  ! Makes task%run ready to run, on any thread. The library keeps where the task is.
  recursive subroutine group_spawn(self, task, stat, errmsg)
    class(ppar_task_group), intent(inout) :: self
    class(ppar_task), intent(inout), target :: task
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(task_call), target :: given
    integer :: status
    given%task => task
    status = c_group_spawn_copy(self%c, c_funloc(run_task), c_loc(given), int(storage_size(given)/8, c_size_t))
    call finish('ppar_task_group%spawn', status, stat, errmsg)
  end subroutine

  recursive subroutine run_task(arg) bind(C)
    type(c_ptr), value :: arg
    type(task_call), pointer :: given
    call c_f_pointer(arg, given)
    call given%task%run()
  end subroutine

  recursive subroutine group_wait(self, stat, errmsg)
    class(ppar_task_group), intent(inout) :: self
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    call finish('ppar_task_group%wait', c_group_wait(self%c), stat, errmsg)
  end subroutine

  subroutine group_cancel(self, status)
    class(ppar_task_group), intent(inout) :: self
    integer, intent(in) :: status
    call c_group_cancel(self%c, int(status, c_int))
  end subroutine

  logical function group_is_canceled(self)
    class(ppar_task_group), intent(in) :: self
    group_is_canceled = logical(c_group_is_canceled(self%c))
  end function

  ! ---- Pools, schedules, texts

  ! Makes a pool of threads (the caller included) and starts its workers; 0: as many as the default pool has.
  subroutine ppar_pool_create(pool, threads, stat, errmsg)
    type(ppar_pool), intent(inout) :: pool
    integer, intent(in) :: threads
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    type(ppar_pool_options_c) :: c
    c%size = c_sizeof(c)
    c%threads = threads
    call finish('ppar_pool_create', c_pool_create(pool%c, c), stat, errmsg)
  end subroutine

  ! Ends the pool's workers; ppar_ebusy, and nothing done, while a loop runs on it.
  subroutine ppar_pool_destroy(pool, stat, errmsg)
    type(ppar_pool), intent(inout) :: pool
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    integer :: status
    status = c_pool_destroy(pool%c)
    if (status == ppar_ok) pool%c = c_null_ptr
    call finish('ppar_pool_destroy', status, stat, errmsg)
  end subroutine

  ! The number of slots of a loop that asks for none; OpenMP: omp_get_max_threads.
  integer function ppar_max_threads(pool)
    type(ppar_pool), intent(in), optional :: pool
    if (present(pool)) then
      ppar_max_threads = c_max_threads(pool%c)
    else
      ppar_max_threads = c_max_threads(c_null_ptr)
    end if
  end function

  type(ppar_schedule) function ppar_auto()
    ppar_auto = ppar_schedule(0, 0, 0_c_int64_t)
  end function

  type(ppar_schedule) function static_none()
    static_none = ppar_schedule(1, 0, 0_c_int64_t)
  end function

  type(ppar_schedule) function static_int32(chunk)
    integer(int32), intent(in) :: chunk
    static_int32 = ppar_schedule(1, 0, int(chunk, c_int64_t))
  end function

  type(ppar_schedule) function static_int64(chunk)
    integer(int64), intent(in) :: chunk
    static_int64 = ppar_schedule(1, 0, chunk)
  end function

  type(ppar_schedule) function dynamic_none()
    dynamic_none = ppar_schedule(2, 0, 0_c_int64_t)
  end function

  type(ppar_schedule) function dynamic_int32(chunk)
    integer(int32), intent(in) :: chunk
    dynamic_int32 = ppar_schedule(2, 0, int(chunk, c_int64_t))
  end function

  type(ppar_schedule) function dynamic_int64(chunk)
    integer(int64), intent(in) :: chunk
    dynamic_int64 = ppar_schedule(2, 0, chunk)
  end function

  type(ppar_schedule) function guided_none()
    guided_none = ppar_schedule(3, 0, 0_c_int64_t)
  end function

  type(ppar_schedule) function guided_int32(chunk)
    integer(int32), intent(in) :: chunk
    guided_int32 = ppar_schedule(3, 0, int(chunk, c_int64_t))
  end function

  type(ppar_schedule) function guided_int64(chunk)
    integer(int64), intent(in) :: chunk
    guided_int64 = ppar_schedule(3, 0, chunk)
  end function

  type(ppar_schedule) function ppar_runtime()
    ppar_runtime = ppar_schedule(4, 0, 0_c_int64_t)
  end function

  ! OpenMP: schedule(monotonic: ...), schedule(nonmonotonic: ...).
  type(ppar_schedule) function ppar_monotonic(schedule)
    type(ppar_schedule), intent(in) :: schedule
    ppar_monotonic = ppar_schedule(schedule%kind, 1, schedule%chunk)
  end function

  type(ppar_schedule) function ppar_nonmonotonic(schedule)
    type(ppar_schedule), intent(in) :: schedule
    ppar_nonmonotonic = ppar_schedule(schedule%kind, 2, schedule%chunk)
  end function

  ! A short text for a status.
  function ppar_strerror(status) result(text)
    integer, intent(in) :: status
    character(:), allocatable :: text
    text = text_of(c_strerror(int(status, c_int)))
  end function

  ! The version of the library in use: MAJOR.MINOR.PATCH.
  function ppar_version() result(text)
    character(:), allocatable :: text
    text = text_of(c_version())
  end function

  ! ---- What the above is made of

  function text_of(c) result(text)
    type(c_ptr), intent(in) :: c
    character(:), allocatable :: text
    character(kind=c_char), pointer :: letters(:)
    integer :: i
    call c_f_pointer(c, letters, [c_strlen(c)])
    allocate (character(size(letters)) :: text)
    do i = 1, size(letters)
      text(i:i) = letters(i)
    end do
  end function

  ! Where a text is; null for one without even an end.
  type(c_ptr) function location(text)
    character(*, c_char), intent(in), target :: text
    location = c_null_ptr
    if (len(text) > 0) location = c_loc(text)
  end function

  type(bounds) function bounds_of_int64(first, last, step) result(range)
    integer(int64), intent(in) :: first, last
    integer(int64), intent(in), optional :: step
    range%first = first
    range%last = last
    if (present(step)) range%step = step
    if (range%step == 0) then
      range%problem = 'step is 0 (any other value is allowed); nothing was run'
    else if (last == merge(huge(last), least_int64, range%step > 0)) then
      range%problem = 'last is the very last integer of its kind, which no do loop can go past; nothing was run'
    else if (is_too_long(range)) then
      range%problem = 'first and last are further apart than an integer can say; nothing was run'
    else
      range%past = last + sign(1_int64, range%step)
    end if
  end function

  type(bounds) function bounds_of_int32(first, last, step) result(range)
    integer(int32), intent(in) :: first, last
    integer(int32), intent(in), optional :: step
    if (present(step)) then
      range = bounds_of_int64(int(first, int64), int(last, int64), int(step, int64))
    else
      range = bounds_of_int64(int(first, int64), int(last, int64))
    end if
  end function

  ! Then neither do could count the iterations. (.and. may evaluate both of its sides.)
  logical function is_too_long(range)
    type(bounds), intent(in) :: range
    is_too_long = .false.
    if (range%step > 0) then
      if (range%first < 0) is_too_long = range%last >= huge(range%last) + range%first
    else
      if (range%first >= 0) is_too_long = range%last <= range%first - huge(range%last)
    end if
  end function

  integer(int64) function count_of(range)
    type(bounds), intent(in) :: range
    logical :: is_empty
    is_empty = merge(range%first > range%last, range%first < range%last, range%step > 0)
    count_of = 0
    if (.not. is_empty) count_of = (range%last - range%first)/range%step + 1
  end function

  ! What the library would refuse is told of here: the library prints the reason once for each place that calls it, and
  ! all constructs of a kind call it from one place of this module.
  subroutine read_options(to, options, range, in_region)
    type(given_options), intent(inout), target :: to
    type(ppar_options), intent(in), optional :: options
    type(bounds), intent(in), optional :: range
    logical, intent(in), optional :: in_region ! a prange: takes nowait and ordered
    integer :: i
    to%c%size = c_sizeof(to%c)
    if (present(range)) then
      to%c%step = range%step
      if (allocated(range%problem)) to%problem = range%problem
    end if
    if (.not. present(options)) return
    to%c%schedule = options%schedule
    to%c%threads = options%threads
    to%c%reproducible = logical(options%reproducible, c_bool)
    to%c%nowait = logical(options%nowait, c_bool)
    to%c%ordered = logical(options%ordered, c_bool)
    to%c%pool = options%pool%c
    if (.not. allocated(to%problem)) call find_problem(to%problem, options, present(in_region))
    if (len_trim(options%name) == 0) return
    do i = 1, len_trim(options%name)
      to%name(i) = options%name(i:i)
    end do
    to%c%name = c_loc(to%name)
  end subroutine

  ! Leaves problem unallocated if there is none.
  subroutine find_problem(problem, options, in_region)
    character(:), allocatable, intent(inout) :: problem
    type(ppar_options), intent(in) :: options
    logical, intent(in) :: in_region
    integer, parameter :: most_threads = 4096
    character(80) :: text
    text = ''
    if (options%threads < 0 .or. options%threads > most_threads) then
      write (text, '(a, i0, a, i0)') 'options%threads is ', options%threads, '; allowed: 0 to ', most_threads
    else if (options%schedule%chunk < 0) then
      write (text, '(a, i0, a)') 'the chunk of options%schedule is ', options%schedule%chunk, '; allowed: 0 or more'
    else if (in_region) then
      return
    else if (options%nowait) then
      text = 'options%nowait is true, which pranges alone take'
    else if (options%ordered) then
      text = 'options%ordered is true, which pranges alone take'
    end if
    if (text /= '') problem = trim(text)//'; nothing was run'
  end subroutine

  ! Hands a status to the program, or ends it. problem: the reason, where it is not the library's.
  subroutine finish(what, status, stat, errmsg, problem)
    character(*), intent(in) :: what
    integer, intent(in) :: status
    integer, intent(out), optional :: stat
    character(*), intent(inout), optional :: errmsg
    character(*), intent(in), optional :: problem
    character(:), allocatable :: text
    character(12) :: number
    if (present(stat)) stat = status
    if (status == ppar_ok) return
    if (present(problem)) then
      text = what//': '//problem
    else
      write (number, '(i0)') status
      text = what//': status '//trim(number)//', '//ppar_strerror(status)
    end if
    if (present(errmsg)) errmsg = text
    if (.not. present(stat)) error stop text
  end subroutine
end module
