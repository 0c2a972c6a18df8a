! SPDX-License-Identifier: MIT
! fortran.F90: OpenACC's constructs and routines, with arguments of 4 and 8 bytes and arrays.

#define EXPECT(condition) call expect(logical(condition, 1), __LINE__)

subroutine fortran_openacc() bind(c)
  use openacc
  implicit none
  include 'fortran/expect.inc'
  integer :: data(10), i, total
  integer, allocatable :: many(:)
  character(len=20) :: text

  data = 0; total = 0
  EXPECT(acc_get_num_devices(acc_device_host) == 1)
  EXPECT(acc_get_device_type() == acc_device_host)
  call acc_init(acc_device_host)
  call acc_copyin(data)
  call acc_copyin(data, 40)
  call acc_create(data, 40_8)
  call acc_copyin_async(data, 1)
  call acc_update_self_async(data, 40, 1)
  EXPECT(acc_is_present(data) .and. acc_is_present(data, 40))
  call acc_copyout(data)
  call acc_delete(data, 40_8)
  call acc_wait(1)
  call acc_wait_all()
  EXPECT(acc_async_test(1) .and. acc_async_test_all())
  call acc_get_property_string(0, acc_device_host, acc_property_name, text)
  EXPECT(text == 'GOMP')
  EXPECT(acc_get_property(0, acc_device_host, acc_property_memory) == 0)
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
  EXPECT(sum(data) == 55 .and. total == 2000)
  !$acc enter data copyin(many)
  !$acc update self(many)
  !$acc parallel present(many)
  many(1) = 3
  !$acc end parallel
  !$acc exit data copyout(many)
  EXPECT(many(1) == 3)
  call by_address(data)
  EXPECT(data(1) == 2 .and. data(4) == 5)
  call acc_shutdown(acc_device_host)
end subroutine

subroutine by_address(data)
  integer :: data(4), i

  !$acc data deviceptr(data)
  !$acc parallel loop deviceptr(data)
  do i = 1, 4
    data(i) = data(i) + 1
  end do
  !$acc end data
end subroutine
