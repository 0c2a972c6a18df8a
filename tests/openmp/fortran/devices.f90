! SPDX-License-Identifier: MIT
! devices.f90: constructs and routines for devices, and OpenACC, in Fortran: functions that return how many of their
! expectations were wrong (devices.c).
module devices
  use iso_c_binding
  implicit none
contains
  subroutine expect(holds, line, wrong)
    logical, intent(in) :: holds
    integer, intent(in) :: line
    integer(c_int), intent(inout) :: wrong
    if (holds) return
    wrong = wrong + 1
    print *, 'devices.f90: wrong in line', line
  end subroutine

  integer(c_int) function fortran_target() bind(C) result(wrong)
    integer, allocatable :: many(:), none(:)
    integer, pointer :: view(:)
    integer, target :: few(3)
    character(len=:), allocatable :: text
    integer :: i, one, total
    allocate(many(100))
    many = 1; few = 2; view => few; one = 3; text = 'hello'; wrong = 0
    !$omp target firstprivate(one, few) map(tofrom: many)
      many(2) = 7; one = 4; few = 5
    !$omp end target
    call expect(many(2) == 7 .and. one == 3 .and. all(few == 2), __LINE__, wrong)
    !$omp target map(tofrom: many, text, view)
      many(3) = 9; text(1:1) = 'J'; view(2) = 8
    !$omp end target
    call expect(many(3) == 9 .and. text == 'Jello' .and. few(2) == 8, __LINE__, wrong)
    !$omp target firstprivate(none) map(tofrom: one)
      if (allocated(none)) one = -1
    !$omp end target
    call expect(one == 3, __LINE__, wrong)
    total = 0
    !$omp target teams distribute parallel do map(many) num_teams(3) reduction(+: total)
    do i = 1, size(many)
      many(i) = i
      total = total + i
    end do
    call expect(all(many == [(i, i = 1, 100)]) .and. total == 5050, __LINE__, wrong)
    !$omp target data map(many) use_device_addr(many)
      !$omp target has_device_addr(many)
        many(1) = 11
      !$omp end target
    !$omp end target data
    !$omp target enter data map(to: many)
    !$omp target update from(many)
    !$omp target exit data map(delete: many)
    call expect(many(1) == 11, __LINE__, wrong)
  end function

  integer(c_int) function fortran_devices() bind(C) result(wrong)
    use omp_lib
    integer :: teams(0:2)
    wrong = 0; teams = 0
    call expect(omp_get_num_devices() == 0 .and. omp_get_initial_device() == 0, __LINE__, wrong)
    call expect(omp_is_initial_device() .and. omp_get_device_num() == 0, __LINE__, wrong)
    call omp_set_default_device(2)
    call expect(omp_get_default_device() == 2, __LINE__, wrong)
    call omp_set_default_device(0_8)
    call expect(omp_get_default_device() == 0, __LINE__, wrong)
    !$omp teams num_teams(3)
      teams(omp_get_team_num()) = omp_get_num_teams()
    !$omp end teams
    call expect(all(teams == 3), __LINE__, wrong)
  end function

  integer(c_int) function fortran_acc() bind(C) result(wrong)
    use openacc
    integer :: data(10), i, total
    integer, allocatable :: many(:)
    character(len=20) :: text
    wrong = 0; data = 0; total = 0
    call expect(acc_get_num_devices(acc_device_host) == 1, __LINE__, wrong)
    call expect(acc_get_device_type() == acc_device_host, __LINE__, wrong)
    call acc_init(acc_device_host)
    call acc_copyin(data)
    call acc_copyin(data, 40)
    call acc_create(data, 40_8)
    call acc_copyin_async(data, 1)
    call acc_update_self_async(data, 40, 1)
    call expect(acc_is_present(data) .and. acc_is_present(data, 40), __LINE__, wrong)
    call acc_copyout(data)
    call acc_delete(data, 40_8)
    call acc_wait(1)
    call acc_wait_all()
    call expect(acc_async_test(1) .and. acc_async_test_all(), __LINE__, wrong)
    call acc_get_property_string(0, acc_device_host, acc_property_name, text)
    call expect(text == 'GOMP', __LINE__, wrong)
    call expect(acc_get_property(0, acc_device_host, acc_property_memory) == 0, __LINE__, wrong)
    !$acc parallel loop copyout(data)
    do i = 1, 10
      data(i) = i
    end do
    allocate(many(1000))
    !$acc kernels copyout(many)
    many = 2
    !$acc end kernels
    !$acc parallel loop reduction(+: total) copyin(many)
    do i = 1, 1000
      total = total + many(i)
    end do
    call expect(sum(data) == 55 .and. total == 2000, __LINE__, wrong)
    !$acc enter data copyin(many)
    !$acc update self(many)
    !$acc parallel present(many)
    many(1) = 3
    !$acc end parallel
    !$acc exit data copyout(many)
    call expect(many(1) == 3, __LINE__, wrong)
    call by_address(data)
    call expect(data(1) == 2 .and. data(4) == 5, __LINE__, wrong)
    call acc_shutdown(acc_device_host)
  end function

  subroutine by_address(data)
    integer :: data(4), i
    !$acc data deviceptr(data)
    !$acc parallel loop deviceptr(data)
    do i = 1, 4
      data(i) = data(i) + 1
    end do
    !$acc end data
  end subroutine
end module
