! SPDX-License-Identifier: MIT
! devices.F90: target regions, leagues of teams and the routines for devices.

#define EXPECT(condition) call expect(logical(condition, 1), __LINE__)

subroutine fortran_target() bind(c)
  implicit none
  include 'fortran/expect.inc'
  integer, allocatable :: many(:), none(:)
  integer, pointer :: view(:)
  integer, target :: few(3)
  character(len=:), allocatable :: text
  integer :: i, one, total

  allocate(many(100))
  many = 1; few = 2; view => few; one = 3; text = 'hello'
  !$omp target firstprivate(one, few) map(tofrom: many)
    many(2) = 7; one = 4; few = 5
  !$omp end target
  EXPECT(many(2) == 7 .and. one == 3 .and. all(few == 2))
  !$omp target map(tofrom: many, text, view)
    many(3) = 9; text(1:1) = 'J'; view(2) = 8
  !$omp end target
  EXPECT(many(3) == 9 .and. text == 'Jello' .and. few(2) == 8)
  !$omp target firstprivate(none) map(tofrom: one)
    if (allocated(none)) one = -1
  !$omp end target
  EXPECT(one == 3)
  total = 0
  !$omp target teams distribute parallel do map(many) num_teams(3) reduction(+: total)
  do i = 1, size(many)
    many(i) = i
    total = total + i
  end do
  EXPECT(all(many == [(i, i = 1, 100)]) .and. total == 5050)
  !$omp target data map(many) use_device_addr(many)
    !$omp target has_device_addr(many)
      many(1) = 11
    !$omp end target
  !$omp end target data
  !$omp target enter data map(to: many)
  !$omp target update from(many)
  !$omp target exit data map(delete: many)
  EXPECT(many(1) == 11)
end subroutine

subroutine fortran_devices() bind(c)
  use omp_lib
  implicit none
  include 'fortran/expect.inc'
  integer :: teams(0:2)

  teams = 0
  EXPECT(omp_get_num_devices() == 0 .and. omp_get_initial_device() == 0)
  EXPECT(omp_is_initial_device() .and. omp_get_device_num() == 0)
  call omp_set_default_device(2)
  EXPECT(omp_get_default_device() == 2)
  call omp_set_default_device(0_8)
  EXPECT(omp_get_default_device() == 0)
  !$omp teams num_teams(3)
    teams(omp_get_team_num()) = omp_get_num_teams()
  !$omp end teams
  EXPECT(all(teams == 3))
end subroutine
