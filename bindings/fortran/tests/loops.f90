! SPDX-License-Identifier: MIT
! loops.f90: loops and reductions from Fortran: every iteration once, values as the serial loop's, errors, bad input.
module loop_cases
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: int32, int64, real32, real64
  use, intrinsic :: ieee_arithmetic, only: ieee_is_nan, ieee_quiet_nan, ieee_value
  use check
  use ppar
  implicit none
  private
  public :: layouts_agree, loops_run_each_iteration_once, c_bodies_run, reductions_agree, reproducible_bits_agree
  public :: objects_are_reduced, failures_are_the_serial_ones, bad_input_is_refused, the_rest_works
  public :: procedures_see_what_is_around_them, random_numbers_are_c_s, run_to_its_end

  integer, parameter :: room = 500
  integer :: hits(-room:room) = 0
  integer, target :: c_hits(0:room) = 0
  logical :: threads_are_good = .true., steps_are_good = .true.
  integer :: threads_asked = 1, fails_at = 0
  integer(int64) :: step_asked = 1
  real(real64) :: data(100000) = 0
  integer, parameter :: expected_status = 42

  type, extends(ppar_loop) :: counter
    integer, allocatable :: hits(:)
    integer(int64) :: offset = 0
  contains
    procedure :: run => counter_run
  end type

  type, extends(ppar_reducer) :: histogram
    integer, allocatable :: bins(:)
    integer(int64) :: first = huge(0_int64), calls = 0 ! first: whether parts were combined in order
    logical :: in_order = .true.
  contains
    procedure :: clear => histogram_clear
    procedure :: fold => histogram_fold
    procedure :: combine => histogram_combine
  end type

  type, extends(ppar_reducer) :: total
    real(real64) :: value = 0
    integer(int64) :: fails_at = -1
  contains
    procedure :: clear => total_clear
    procedure :: fold => total_fold
    procedure :: combine => total_combine
  end type

  interface
    integer(c_int64_t) function layout_options(field) bind(C)
      import
      integer(c_int32_t), value :: field
    end function
    integer(c_int64_t) function layout_chunk(field) bind(C)
      import
      integer(c_int32_t), value :: field
    end function
    integer(c_int64_t) function layout_others(which) bind(C)
      import
      integer(c_int32_t), value :: which
    end function
    real(c_double) function layout_random(seed, stream, kind) bind(C)
      import
      integer(c_int64_t), value :: seed, stream
      integer(c_int32_t), value :: kind
    end function
  end interface

contains

  ! ---- The C library's structs

  integer(int64) function distance(from, to)
    type(c_ptr), intent(in) :: from, to
    distance = transfer(to, 0_c_intptr_t) - transfer(from, 0_c_intptr_t)
  end function

  subroutine layouts_agree()
    type(ppar_options_c), target :: o
    type(ppar_chunk_c), target :: c
    type(ppar_schedule) :: s(5)
    integer, parameter :: statuses(5) = [ppar_einval, ppar_enomem, ppar_eagain, ppar_ebusy, ppar_ecanceled]
    integer :: i
    call expect(distance(c_loc(o), c_loc(o%size)) == layout_options(0), 'size of the options')
    call expect(distance(c_loc(o), c_loc(o%schedule)) == layout_options(1), 'schedule of the options')
    call expect(distance(c_loc(o), c_loc(o%threads)) == layout_options(2), 'threads of the options')
    call expect(distance(c_loc(o), c_loc(o%reproducible)) == layout_options(3), 'reproducible of the options')
    call expect(distance(c_loc(o), c_loc(o%nowait)) == layout_options(4), 'nowait of the options')
    call expect(distance(c_loc(o), c_loc(o%ordered)) == layout_options(5), 'ordered of the options')
    call expect(distance(c_loc(o), c_loc(o%pool)) == layout_options(6), 'pool of the options')
    call expect(distance(c_loc(o), c_loc(o%step)) == layout_options(7), 'step of the options')
    call expect(distance(c_loc(o), c_loc(o%name)) == layout_options(8), 'name of the options')
    call expect(distance(c_loc(o), c_loc(o%tile)) == layout_options(9), 'tile of the options')
    call expect(int(c_sizeof(o), int64) == layout_options(10), 'the size of all options')
    call expect(distance(c_loc(c), c_loc(c%begin)) == layout_chunk(0), 'begin of a chunk')
    call expect(distance(c_loc(c), c_loc(c%end)) == layout_chunk(1), 'end of a chunk')
    call expect(distance(c_loc(c), c_loc(c%step)) == layout_chunk(2), 'step of a chunk')
    call expect(distance(c_loc(c), c_loc(c%count)) == layout_chunk(3), 'count of a chunk')
    call expect(distance(c_loc(c), c_loc(c%thread)) == layout_chunk(4), 'thread of a chunk')
    s = [ppar_auto(), ppar_static(), ppar_dynamic(), ppar_guided(), ppar_runtime()]
    do i = 1, 5
      call expect(s(i)%kind == layout_others(i - 1), 'the kinds of schedules')
    end do
    s(1) = ppar_monotonic(ppar_dynamic())
    s(2) = ppar_nonmonotonic(ppar_dynamic())
    call expect(s(1)%order == layout_others(5), 'monotonic')
    call expect(s(2)%order == layout_others(6), 'nonmonotonic')
    do i = 1, size(statuses)
      call expect(statuses(i) == layout_others(6 + i), 'statuses')
    end do
    call expect(int(c_sizeof(s(1)), int64) == layout_others(12), 'the size of a schedule')
    call check_case('the module has the C structs as they are')
  end subroutine

  ! ---- Loops

  recursive subroutine count_hits(chunk)
    type(ppar_chunk), intent(in) :: chunk
    integer(int64) :: i
    if (chunk%thread < 0 .or. chunk%thread >= threads_asked) threads_are_good = .false.
    if (chunk%thread /= ppar_thread_num()) threads_are_good = .false.
    if (chunk%step /= step_asked) steps_are_good = .false.
    do i = chunk%first, chunk%last, chunk%step
      hits(i) = hits(i) + 1
    end do
  end subroutine

  recursive subroutine counter_run(self, chunk)
    class(counter), intent(inout) :: self
    type(ppar_chunk), intent(in) :: chunk
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      self%hits(i - self%offset) = self%hits(i - self%offset) + 1
    end do
  end subroutine

  ! Whether just the loop's iterations have been run, and each once; and clears them.
  logical function each_once(first, last, step)
    integer, intent(in) :: first, last, step
    integer :: i
    do i = first, last, step
      hits(i) = hits(i) - 1
    end do
    each_once = all(hits == 0)
    hits = 0
  end function

  subroutine loops_run_each_iteration_once()
    integer, parameter :: bounds(3, 9) = reshape([1, 100, 1, 1, 1, 1, 5, 4, 1, -room, room, 1, 1, 100, 7, 99, 0, -1, &
                                                  100, -100, -3, -7, 400, 11, 0, 1, 5], [3, 9])
    integer :: b, s, t
    type(ppar_options) :: options
    type(counter) :: loop
    do b = 1, size(bounds, 2)
      do s = 1, schedule_count
        do t = 1, 5, 2
          threads_asked = t
          step_asked = bounds(3, b)
          options = ppar_options(schedule=schedules(s), threads=t, name='hits')
          call ppar_for(bounds(1, b), bounds(2, b), count_hits, options, step=bounds(3, b))
          call expect(each_once(bounds(1, b), bounds(2, b), bounds(3, b)), 'each iteration once')
          call ppar_for(int(bounds(1, b), int64), int(bounds(2, b), int64), count_hits, options, &
                        step=int(bounds(3, b), int64))
          call expect(each_once(bounds(1, b), bounds(2, b), bounds(3, b)), 'each iteration once, of 64 bits')
        end do
      end do
    end do
    call expect(threads_are_good, 'slots are below their number, and what ppar_thread_num says')
    call expect(steps_are_good, 'a chunk has the step of the loop')
    step_asked = 1
    threads_asked = ppar_max_threads()
    call ppar_for(1, 100, count_hits)
    call expect(each_once(1, 100, 1), 'without options')
    call check_case('a procedure is given each iteration once, for all schedules, steps and threads')

    loop%offset = huge(0_int64) - 101
    allocate (loop%hits(100))
    do s = 1, schedule_count
      loop%hits = 0
      call ppar_for(loop%offset + 1, loop%offset + 100, loop, ppar_options(schedule=schedules(s), threads=3))
      call expect(all(loop%hits == 1), 'each iteration once, near the largest integer')
      loop%hits = 0
      call ppar_for(loop%offset + 100, loop%offset + 1, loop, step=-1_int64)
      call expect(all(loop%hits == 1), 'each iteration once, downwards')
    end do
    loop%offset = 0
    loop%hits = 0
    call ppar_for(2, 100, loop, step=2)
    call expect(all(loop%hits(2:100:2) == 1) .and. all(loop%hits(1:99:2) == 0), 'every second iteration')
    call check_case('an object is given each iteration once')
  end subroutine

  recursive subroutine c_body(chunk, arg) bind(C)
    type(ppar_chunk_c), intent(in) :: chunk
    type(c_ptr), value :: arg
    integer, pointer :: counts(:)
    integer(int64) :: i
    call c_f_pointer(arg, counts, [room + 1])
    do i = chunk%begin, chunk%end - 1
      counts(i + 1) = counts(i + 1) + 1
    end do
  end subroutine

  subroutine c_bodies_run()
    type(ppar_options_c), target :: options
    integer :: status
    options%threads = 3
    options%schedule = ppar_dynamic(2)
    status = ppar_c_parallel_for(0_c_int64_t, int(room + 1, c_int64_t), c_funloc(c_body), c_loc(c_hits), c_loc(options))
    call expect(status == ppar_ok .and. all(c_hits == 1), 'each iteration once')
    status = ppar_c_parallel_for(0_c_int64_t, int(room + 1, c_int64_t), c_funloc(c_body), c_loc(c_hits), c_null_ptr)
    call expect(status == ppar_ok .and. all(c_hits == 2), 'each iteration once, without options')
    call check_case('bodies with bind(C) run by the library''s own function')
  end subroutine

  ! ---- Reductions

  recursive subroutine add_real64(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    real(real64), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      value = value + data(i)
    end do
  end subroutine
  recursive subroutine multiply_real64(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    real(real64), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      if (mod(i, 10_int64) == 0) value = value*2
    end do
  end subroutine
  recursive subroutine least_real64(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    real(real64), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      if (data(i) < value .or. ieee_is_nan(data(i))) value = data(i)
    end do
  end subroutine
  recursive subroutine greatest_real64(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    real(real64), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      if (data(i) > value .or. ieee_is_nan(data(i))) value = data(i)
    end do
  end subroutine
  recursive subroutine add_real32(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    real(real32), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      value = value + real(mod(i, 8_int64), real32)
    end do
  end subroutine
  recursive subroutine least_real32(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    real(real32), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      value = min(value, real(abs(i - 77), real32))
    end do
  end subroutine
  recursive subroutine add_int64(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    integer(int64), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      value = value + i
    end do
  end subroutine
  recursive subroutine greatest_int64(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    integer(int64), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      value = max(value, -abs(i - 500) - 3)
    end do
  end subroutine
  recursive subroutine multiply_int32(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    integer(int32), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      if (mod(i, 100_int64) == 0) value = value*2
    end do
  end subroutine
  recursive subroutine greatest_int32(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    integer(int32), intent(inout) :: value
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      value = max(value, int(-abs(i - 500), int32) - 3)
    end do
  end subroutine

  subroutine reductions_agree()
    real(real64) :: r8, nan
    real(real32) :: r4
    integer(int64) :: i8
    integer(int32) :: i4
    type(ppar_options) :: o
    integer :: s, t, i
    do i = 1, size(data)
      data(i) = mod(i*7919, 1000) - 500
    end do
    nan = ieee_value(nan, ieee_quiet_nan)
    do s = 1, schedule_count
      do t = 1, 4
        o = ppar_options(schedule=schedules(s), threads=t)
        r8 = 10
        call ppar_reduce(1, 1000, add_real64, ppar_sum, r8, o)
        call expect(int(r8) == 10 + nint(sum(data(:1000))), 'the sum of reals of 64 bits')
        r8 = 3
        call ppar_reduce(1, 100, multiply_real64, ppar_prod, r8, o)
        call expect(int(r8) == 3072, 'the product of reals of 64 bits')
        r8 = 0
        call ppar_reduce(1_int64, 1000_int64, least_real64, ppar_min, r8, o)
        call expect(int(r8) == int(minval(data(:1000))), 'the least real of 64 bits')
        r8 = -1e9
        call ppar_reduce(1, 1000, greatest_real64, ppar_max, r8, o, step=3)
        call expect(int(r8) == int(maxval(data(1:1000:3))), 'the greatest real of 64 bits')
        data(321) = nan
        r8 = 0
        call ppar_reduce(1, 1000, least_real64, ppar_min, r8, o)
        call expect(ieee_is_nan(r8), 'NaN is the least')
        r8 = 0
        call ppar_reduce(1, 1000, greatest_real64, ppar_max, r8, o)
        call expect(ieee_is_nan(r8), 'NaN is the greatest')
        data(321) = mod(321*7919, 1000) - 500
        r4 = 0
        call ppar_reduce(0, 999, add_real32, ppar_sum, r4, o)
        call expect(nint(r4) == 3500, 'the sum of reals of 32 bits')
        r4 = 1e9
        call ppar_reduce(1, 1000, least_real32, ppar_min, r4, o)
        call expect(nint(r4) == 0, 'the least real of 32 bits')
        i8 = -5
        call ppar_reduce(1_int64, 1000_int64, add_int64, ppar_sum, i8, o)
        call expect(i8 == 500495, 'the sum of integers of 64 bits')
        i8 = -huge(i8)
        call ppar_reduce(1, 1000, greatest_int64, ppar_max, i8, o)
        call expect(i8 == -3, 'the greatest integer of 64 bits')
        i4 = 1
        call ppar_reduce(1, 1000, multiply_int32, ppar_prod, i4, o)
        call expect(i4 == 1024, 'the product of integers of 32 bits')
        i4 = -huge(i4)
        call ppar_reduce(1000, 1, greatest_int32, ppar_max, i4, o, step=-1)
        call expect(i4 == -3, 'the greatest integer of 32 bits')
      end do
    end do
    r8 = 7
    call ppar_reduce(1, 0, add_real64, ppar_sum, r8)
    call expect(int(r8) == 7, 'an empty loop changes nothing')
    call check_case('reductions agree with the serial loop, for all kinds, operations, schedules and threads')
  end subroutine

  subroutine reproducible_bits_agree()
    real(real64) :: value, expected
    integer :: s, t, i
    type(total) :: object
    do i = 1, size(data)
      data(i) = sin(real(i, real64))*1e3**mod(i, 5)
    end do
    expected = 0
    call ppar_reduce(1, size(data), add_real64, ppar_sum, expected, ppar_options(threads=1, reproducible=.true.))
    do s = 1, schedule_count
      do t = 1, 4
        value = 0
        call ppar_reduce(1, size(data), add_real64, ppar_sum, value, &
                         ppar_options(schedule=schedules(s), threads=t, reproducible=.true.))
        call expect(transfer(value, 0_int64) == transfer(expected, 0_int64), 'the same bits')
      end do
    end do
    call ppar_reduce(1, size(data), object, ppar_options(threads=1, reproducible=.true.))
    expected = object%value
    do s = 1, schedule_count
      do t = 1, 4
        object%value = 0
        call ppar_reduce(1, size(data), object, ppar_options(schedule=schedules(s), threads=t, reproducible=.true.))
        call expect(transfer(object%value, 0_int64) == transfer(expected, 0_int64), 'the same bits of an object')
      end do
    end do
    call check_case('reproducible reductions have the same bits for all schedules and threads')
  end subroutine

  subroutine histogram_clear(self)
    class(histogram), intent(inout) :: self
    self%bins = 0
    self%first = huge(0_int64)
    self%calls = 0
  end subroutine
  recursive subroutine histogram_fold(self, chunk)
    class(histogram), intent(inout) :: self
    type(ppar_chunk), intent(in) :: chunk
    integer(int64) :: i, bin
    do i = chunk%first, chunk%last, chunk%step
      bin = 1 + mod(i*i, size(self%bins, kind=int64))
      self%bins(bin) = self%bins(bin) + 1
    end do
    self%first = min(self%first, chunk%first)
    self%calls = self%calls + 1
  end subroutine
  recursive subroutine histogram_combine(self, other)
    class(histogram), intent(inout) :: self
    class(ppar_reducer), intent(in) :: other
    select type (other)
    type is (histogram)
      self%bins = self%bins + other%bins
      if (self%first /= huge(0_int64) .and. other%first < self%first) self%in_order = .false.
      self%first = min(self%first, other%first)
    end select
  end subroutine

  subroutine total_clear(self)
    class(total), intent(inout) :: self
    self%value = 0
  end subroutine
  recursive subroutine total_fold(self, chunk)
    class(total), intent(inout) :: self
    type(ppar_chunk), intent(in) :: chunk
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      self%value = self%value + data(i)
      if (i == self%fails_at) call ppar_cancel(chunk, expected_status)
    end do
  end subroutine
  recursive subroutine total_combine(self, other)
    class(total), intent(inout) :: self
    class(ppar_reducer), intent(in) :: other
    select type (other)
    type is (total)
      self%value = self%value + other%value
    end select
  end subroutine

  subroutine objects_are_reduced()
    type(histogram) :: h
    integer, allocatable :: expected(:)
    integer :: s, t, i, stat
    type(total) :: object
    type(ppar_options) :: options
    allocate (expected(97))
    expected = 0
    do i = 1, 10000, 3
      expected(1 + mod(int(i, int64)**2, 97_int64)) = expected(1 + mod(int(i, int64)**2, 97_int64)) + 1
    end do
    do s = 1, schedule_count
      do t = 1, 4
        do i = 0, 1
          options = ppar_options(schedule=schedules(s), threads=t, reproducible=i == 1)
          allocate (h%bins(97))
          h%bins = 5
          call ppar_reduce(1, 10000, h, options, step=3)
          call expect(all(h%bins == expected + 5), 'the bins, added to what the object had')
          call expect(h%in_order .or. (s /= 2 .and. i == 0), 'blocks combine in order')
          call expect(h%calls == 0, 'the object itself folds nothing')
          deallocate (h%bins)
          h%first = huge(0_int64)
        end do
      end do
    end do
    object%value = 3
    call ppar_reduce(1, 0, object)
    call ppar_reduce(1_int64, 0_int64, object, ppar_options(reproducible=.true.))
    call expect(int(object%value) == 3, 'an empty loop changes nothing')
    object%fails_at = 600
    call ppar_reduce(1, 1000, object, ppar_options(threads=4), stat=stat)
    call expect(stat == expected_status .and. int(object%value) == 3, 'a cancelled reduction leaves the object')
    call ppar_reduce(1, 1000, object, ppar_options(threads=4, reproducible=.true.), stat=stat)
    call expect(stat == expected_status .and. int(object%value) == 3, 'a cancelled reproducible one does, too')
    call check_case('objects are reduced, in order where the schedule has one')
  end subroutine

  ! ---- Errors

  recursive subroutine fail_at(chunk)
    type(ppar_chunk), intent(in) :: chunk
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      hits(i) = hits(i) + 1
      if (i >= fails_at .and. mod(i - fails_at, 10_int64) == 0) then
        call ppar_cancel(chunk, int(i))
        if (.not. ppar_is_canceled(chunk)) threads_are_good = .false.
        return
      end if
    end do
  end subroutine

  recursive subroutine fail_without_status(chunk)
    type(ppar_chunk), intent(in) :: chunk
    call ppar_cancel(chunk, 0)
  end subroutine

  subroutine failures_are_the_serial_ones()
    integer :: s, t, stat
    character(80) :: errmsg
    do s = 1, schedule_count
      do t = 1, 4
        fails_at = 57
        hits = 0
        errmsg = ''
        call ppar_for(1, 400, fail_at, ppar_options(schedule=schedules(s), threads=t), stat=stat, errmsg=errmsg)
        call expect(stat == 57, 'the status is the lowest failing chunk''s')
        call expect(all(hits(1:57) == 1), 'all before it was run')
        call expect(index(errmsg, 'status of a loop''s body') > 0 .and. index(errmsg, '57') > 0, 'errmsg tells of it')
      end do
    end do
    call expect(threads_are_good, 'a chunk that has failed is cancelled')
    call ppar_for(1, 10, fail_without_status, stat=stat)
    call expect(stat == ppar_ecanceled, 'a status of 0 counts as ppar_ecanceled')
    errmsg = 'as it was'
    hits = 0
    call ppar_for(1, 10, count_hits, stat=stat, errmsg=errmsg)
    call expect(stat == ppar_ok .and. errmsg == 'as it was', 'success leaves errmsg alone')
    hits = 0
    call check_case('a loop fails as the serial loop would')
  end subroutine

  subroutine bad_input_is_refused()
    integer :: stat
    character(120) :: errmsg
    real(real64) :: value
    type(total) :: object
    type(counter) :: loop
    type(ppar_pool) :: pool
    allocate (loop%hits(10))
    loop%hits = 0
    value = 5
    hits = 0
    errmsg = ''
    call ppar_for(1, 10, count_hits, step=0, stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, 'step is 0') > 0, 'a step of 0')
    call ppar_for(1_int64, huge(0_int64), count_hits, stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, 'last') > 0, 'a last index that nothing follows')
    call ppar_for(-1_int64, huge(0_int64) - 1, count_hits, stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, 'apart') > 0, 'more than an integer can count')
    call ppar_for(1_int64, -huge(0_int64), count_hits, stat=stat, errmsg=errmsg, step=-1_int64)
    call expect(stat == ppar_einval .and. index(errmsg, 'apart') > 0, 'more than an integer can count, downwards')
    call ppar_for(1, 10, count_hits, ppar_options(threads=-1), stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, 'ppar_for') > 0, 'a negative number of threads')
    call ppar_for(1, 10, loop, ppar_options(threads=5000), stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, '5000; allowed: 0 to 4096') > 0, 'too many threads')
    call ppar_for(1, 10, loop, ppar_options(schedule=ppar_dynamic(-3)), stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, '-3; allowed') > 0, 'a negative chunk')
    call ppar_for(1, 10, loop, ppar_options(nowait=.true.), stat=stat, errmsg=errmsg)
    call expect(stat == ppar_einval .and. index(errmsg, 'nowait') > 0, 'an option of pranges')
    call ppar_for(1, 10, loop, ppar_options(schedule=ppar_schedule(0, 0, 5_int64)), stat=stat)
    call expect(stat == ppar_einval, 'a chunk of auto')
    call ppar_reduce(1, 10, add_real64, ppar_sum, value, step=0, stat=stat)
    call expect(stat == ppar_einval .and. int(value) == 5, 'a reduction with a step of 0')
    call ppar_reduce(1, 10, add_real64, ppar_sum, value, ppar_options(threads=-1), stat=stat)
    call expect(stat == ppar_einval .and. int(value) == 5, 'a reduction on a negative number of threads')
    call ppar_reduce(1, 10, object, step=0, stat=stat)
    call expect(stat == ppar_einval, 'an object''s reduction with a step of 0')
    call ppar_reduce(1, 10, object, ppar_options(threads=-1), stat=stat)
    call expect(stat == ppar_einval, 'an object''s reduction on a negative number of threads')
    call ppar_reduce(1, 10, object, ppar_options(threads=1000000, reproducible=.true.), stat=stat)
    call expect(stat == ppar_einval, 'an object''s reduction on too many threads')
    call ppar_pool_create(pool, -2, stat)
    call expect(stat == ppar_einval, 'a pool of a negative number of threads')
    call expect(all(hits == 0) .and. all(loop%hits == 0), 'nothing is run')
    call check_case('bad input is refused, with a status and a text, and nothing is run')
    call fails_alone('step', 'step is 0')
    call fails_alone('status', 'status 9, status of a loop''s body')
    call check_case('without stat a failure ends the program and says why')
  end subroutine

  ! This program again, with a fault and without stat.
  subroutine fails_alone(what, text)
    character(*), intent(in) :: what, text
    character(1000) :: program, tap
    character(:), allocatable :: errors
    integer :: code
    call get_command_argument(0, program)
    call get_command_argument(1, tap)
    code = 0
    errors = '"'//trim(tap(7:))//'.err"'
    call execute_command_line('"'//trim(program)//'" --fault='//what//' 2>'//errors//'; s=$?; grep -q "'//text// &
                              '" '//errors//' && rm '//errors//' && [ $s = 1 ]', exitstat=code)
    call expect(code == 0, 'status 1, and the text on standard error: '//text)
  end subroutine

  subroutine run_to_its_end(what)
    character(*), intent(in) :: what
    fails_at = 9
    if (what == 'step') call ppar_for(1, 10, fail_at, step=0)
    if (what == 'status') call ppar_for(1, 10, fail_at)
  end subroutine

  ! ---- Internal procedures, nested loops, pools, texts

  subroutine procedures_see_what_is_around_them()
    integer :: local(100), outer
    real(real64) :: weight, value
    local = 0
    weight = 2
    value = 0
    call ppar_for(1, 100, set)
    call expect(all(local == [(outer, outer=1, 100)]), 'an internal procedure writes the variables around it')
    call ppar_reduce(1, 100, add, ppar_sum, value)
    call expect(nint(value) == 10100, 'an internal procedure reads the variables around it')
    call check_case('internal procedures see the variables around them')
  contains
    recursive subroutine set(chunk)
      type(ppar_chunk), intent(in) :: chunk
      integer(int64) :: i
      do i = chunk%first, chunk%last, chunk%step
        local(i) = int(i)
      end do
    end subroutine
    recursive subroutine add(chunk, sum)
      type(ppar_chunk), intent(in) :: chunk
      real(real64), intent(inout) :: sum
      integer(int64) :: i
      do i = chunk%first, chunk%last, chunk%step
        sum = sum + weight*real(i, real64)
      end do
    end subroutine
  end subroutine

  ! Each iteration has a stream of its own.
  recursive subroutine draw(chunk)
    type(ppar_chunk), intent(in) :: chunk
    type(ppar_rng) :: rng
    integer(int64) :: i
    do i = chunk%first, chunk%last, chunk%step
      rng = ppar_rng_stream(7_int64, i)
      data(i) = ppar_rng_f64(rng)
    end do
  end subroutine

  subroutine random_numbers_are_c_s()
    type(ppar_rng) :: rng, begin
    real(real64) :: value, expected(500)
    integer :: s
    call expect(int(c_sizeof(rng), int64) == layout_others(14), 'the size of a place in a stream')
    begin = ppar_rng_stream(-3_int64, 8_int64)
    call ppar_rng_skip(begin, 5_int64)
    rng = begin
    value = ppar_rng_f64(rng)
    call expect(same(value, layout_random(-3_int64, 8_int64, 0)), 'a real of 64 bits')
    rng = begin
    value = ppar_rng_f32(rng)
    call expect(same(value, layout_random(-3_int64, 8_int64, 1)), 'a real of 32 bits')
    rng = begin
    value = real(ppar_rng_below(rng, 1000_int64), real64)
    call expect(same(value, layout_random(-3_int64, 8_int64, 2)), 'a whole number')
    rng = begin
    value = ppar_rng_normal_f64(rng)
    call expect(same(value, layout_random(-3_int64, 8_int64, 3)), 'a normal number')
    rng = begin
    value = ppar_rng_exponential_f64(rng)
    call expect(same(value, layout_random(-3_int64, 8_int64, 4)), 'an exponential number')
    call ppar_for(1, size(expected), draw, ppar_options(threads=1))
    expected = data(:size(expected))
    do s = 1, schedule_count
      data(:size(expected)) = -1
      call ppar_for(1, size(expected), draw, ppar_options(threads=3, schedule=schedules(s)))
      call expect(all(.not. data(:size(expected)) < expected .and. .not. data(:size(expected)) > expected), &
                  'the same numbers for all schedules')
    end do
    call check_case('random numbers are those of C, for all schedules and threads')
  end subroutine

  logical function same(a, b)
    real(real64), intent(in) :: a, b
    same = transfer(a, 0_int64) == transfer(b, 0_int64)
  end function

  recursive subroutine nested_rows(chunk, value)
    type(ppar_chunk), intent(in) :: chunk
    integer(int64), intent(inout) :: value
    integer(int64) :: i, row
    do i = chunk%first, chunk%last, chunk%step
      row = 0
      call ppar_reduce(1, 100, add_int64, ppar_sum, row, ppar_options(threads=2))
      value = value + row
    end do
  end subroutine

  subroutine the_rest_works()
    type(ppar_pool) :: pool
    integer(int64) :: value
    real(real64) :: begin
    value = 0
    call ppar_reduce(1, 20, nested_rows, ppar_sum, value, ppar_options(threads=3, schedule=ppar_dynamic(1)))
    call expect(value == 20*5050, 'loops inside of loops')
    call ppar_pool_create(pool, 3)
    call expect(ppar_max_threads(pool) == 3, 'a pool has its threads')
    threads_asked = 3
    step_asked = 1
    call ppar_for(1, 100, count_hits, ppar_options(pool=pool))
    call expect(each_once(1, 100, 1), 'each iteration once, on a pool')
    call ppar_pool_destroy(pool)
    call ppar_pool_destroy(pool)
    begin = ppar_wtime()
    call expect(ppar_wtime() >= begin, 'the clock goes on')
    call expect(ppar_wtick() > 0, 'the clock ticks')
    call expect(ppar_max_threads() >= 1, 'there is a thread')
    call expect(ppar_thread_num() == 0, 'the number of a thread outside of loops')
    call expect(ppar_num_threads() == 1, 'the number of threads outside of loops')
    call expect(index(ppar_version(), '.') > 1, 'the version')
    call expect(len(ppar_strerror(ppar_einval)) > 0, 'the texts of statuses')
    call expect(ppar_strerror(3) == 'status of a loop''s body', 'the text of a body''s status')
    call check_case('nested loops, pools, the clock and texts')
  end subroutine
end module

program loops
  use check
  use loop_cases
  implicit none
  character(100) :: argument
  call get_command_argument(1, argument)
  if (argument(:8) == '--fault=') then
    call run_to_its_end(trim(argument(9:)))
    stop
  end if
  call check_begin()
  call layouts_agree()
  call loops_run_each_iteration_once()
  call c_bodies_run()
  call reductions_agree()
  call reproducible_bits_agree()
  call objects_are_reduced()
  call failures_are_the_serial_ones()
  call bad_input_is_refused()
  call procedures_see_what_is_around_them()
  call random_numbers_are_c_s()
  call the_rest_works()
  call check_end()
end program
