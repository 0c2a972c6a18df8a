! SPDX-License-Identifier: MIT
! openmp_fortran.f90: CG, MG and SP, which openmp_solvers.c and openmp_implicit.c tell of, as Fortran programs are
! written: arrays of several dimensions that are handed on as they are, statements on whole arrays that are shared by
! workshare, collapsed loops. The answers are those of the programs in C. openmp_fortran.c calls them with a size and a
! number of steps. All arrays are there from the start, so nothing of Fortran's own library is needed.

subroutine bench_fortran_cg(rows, steps, answer) bind(C)
  use, intrinsic :: iso_c_binding
  implicit none
  integer(c_int), value :: rows, steps
  real(c_double), intent(out) :: answer
  integer, parameter :: rows_max = 7000, inner_steps = 25, bands = 5, distances(bands) = [1, 7, 53, 211, 640]
  real(c_double), dimension(rows_max), save :: x, r, p, q, z
  real(c_double) :: rho, next_rho, along, norm, zeta, total
  integer :: i, step, inner, band

  zeta = 0
  !$omp parallel private(i, step, inner, band, total)
  !$omp workshare
  x(1:rows) = 1
  !$omp end workshare
  do step = 1, steps
    !$omp workshare
    z(1:rows) = 0
    r(1:rows) = x(1:rows)
    p(1:rows) = x(1:rows)
    rho = sum(x(1:rows)**2)
    next_rho = 0
    along = 0
    norm = 0
    zeta = 0
    !$omp end workshare
    do inner = 1, inner_steps
      !$omp do reduction(+: along)
      do i = 1, rows
        total = 8 * p(i)
        do band = 1, bands
          if (i > distances(band)) total = total + element(i - distances(band), band) * p(i - distances(band))
          if (i + distances(band) <= rows) total = total + element(i, band) * p(i + distances(band))
        end do
        q(i) = total
        along = along + p(i) * total
      end do
      !$omp do reduction(+: next_rho)
      do i = 1, rows
        z(i) = z(i) + rho / along * p(i)
        r(i) = r(i) - rho / along * q(i)
        next_rho = next_rho + r(i)**2
      end do
      !$omp workshare
      p(1:rows) = r(1:rows) + next_rho / rho * p(1:rows)
      !$omp end workshare
      !$omp single
      rho = next_rho
      next_rho = 0
      along = 0
      !$omp end single
    end do
    !$omp do reduction(+: norm, zeta)
    do i = 1, rows
      norm = norm + z(i)**2
      zeta = zeta + x(i) * z(i)
    end do
    !$omp workshare
    x(1:rows) = z(1:rows) / sqrt(norm)
    !$omp end workshare
  end do
  !$omp end parallel
  answer = zeta
contains
  pure real(c_double) function element(row, which)
    integer, intent(in) :: row, which
    element = 1 / real(mod(row - 1, 7) + which, c_double)
  end function
end subroutine

subroutine bench_fortran_mg(side, cycles, answer) bind(C)
  use, intrinsic :: iso_c_binding
  implicit none
  integer(c_int), value :: side, cycles
  real(c_double), intent(out) :: answer
  integer, parameter :: levels_max = 7, room = (8**(levels_max + 1) - 8) / 7
  real(c_double), save :: u(room), r(room), v(8**levels_max)
  integer :: levels, cycle_number, level, c, top

  levels = 1
  do while (2**levels < side)
    levels = levels + 1
  end do
  top = place(levels)
  u(top:top + side**3 - 1) = 0
  v(1:side**3) = 0
  do c = 0, 9
    v(mod(c * 3571 + 17, side**3) + 1) = 1
    v(mod(c * 7919 + 4001, side**3) + 1) = -1
  end do
  do cycle_number = 1, cycles
    call residual(r(top), v, u(top), side)
    do level = levels - 1, 1, -1
      call coarsen(r(place(level)), r(place(level + 1)), 2**level)
      u(place(level):place(level + 1) - 1) = 0
    end do
    call smooth(u(place(1)), r(place(1)), 2)
    do level = 2, levels
      call refine(u(place(level)), u(place(level - 1)), 2**(level - 1))
      if (level == levels) then
        call residual(r(top), v, u(top), side)
      else
        call residual(r(place(level)), r(place(level)), u(place(level)), 2**level)
      end if
      call smooth(u(place(level)), r(place(level)), 2**level)
    end do
  end do
  call residual(r(top), v, u(top), side)
  answer = 0
  !$omp parallel do reduction(+: answer)
  do c = top, top + side**3 - 1
    answer = answer + r(c)**2
  end do
  answer = sqrt(answer)
contains
  ! Where a level's cube stands: behind those of the levels below.
  pure integer function place(which)
    integer, intent(in) :: which
    place = (8**which - 8) / 7 + 1
  end function

  ! A point's own value and those of its six neighbours in a cube that begins again behind its end.
  pure real(c_double) function around(a, n, i, j, k, middle, beside)
    integer, intent(in) :: n, i, j, k
    real(c_double), intent(in) :: a(0:n - 1, 0:n - 1, 0:n - 1), middle, beside
    around = middle * a(i, j, k) + beside * (a(iand(i - 1, n - 1), j, k) + a(iand(i + 1, n - 1), j, k) + &
      a(i, iand(j - 1, n - 1), k) + a(i, iand(j + 1, n - 1), k) + a(i, j, iand(k - 1, n - 1)) + &
      a(i, j, iand(k + 1, n - 1)))
  end function

  ! What comes out may be what goes in: the same point is written that was read.
  subroutine residual(out, in, a, n)
    integer, intent(in) :: n
    real(c_double) :: out(0:n - 1, 0:n - 1, 0:n - 1), in(0:n - 1, 0:n - 1, 0:n - 1), a(0:n - 1, 0:n - 1, 0:n - 1)
    integer :: i, j, k
    !$omp parallel do collapse(2)
    do k = 0, n - 1
      do j = 0, n - 1
        do i = 0, n - 1
          out(i, j, k) = in(i, j, k) - around(a, n, i, j, k, -6d0, 1d0)
        end do
      end do
    end do
  end subroutine

  subroutine smooth(a, rest, n)
    integer, intent(in) :: n
    real(c_double) :: a(0:n - 1, 0:n - 1, 0:n - 1), rest(0:n - 1, 0:n - 1, 0:n - 1)
    integer :: i, j, k
    !$omp parallel do collapse(2)
    do k = 0, n - 1
      do j = 0, n - 1
        do i = 0, n - 1
          a(i, j, k) = a(i, j, k) + around(rest, n, i, j, k, -3d0 / 24, -1d0 / 48)
        end do
      end do
    end do
  end subroutine

  subroutine coarsen(coarse, fine, n)
    integer, intent(in) :: n
    real(c_double) :: coarse(0:n - 1, 0:n - 1, 0:n - 1), fine(0:2 * n - 1, 0:2 * n - 1, 0:2 * n - 1)
    integer :: i, j, k
    !$omp parallel do collapse(2)
    do k = 0, n - 1
      do j = 0, n - 1
        do i = 0, n - 1
          coarse(i, j, k) = around(fine, 2 * n, 2 * i, 2 * j, 2 * k, 1d0, 0.5d0)
        end do
      end do
    end do
  end subroutine

  subroutine refine(fine, coarse, n)
    integer, intent(in) :: n
    real(c_double) :: fine(0:2 * n - 1, 0:2 * n - 1, 0:2 * n - 1), coarse(0:n - 1, 0:n - 1, 0:n - 1)
    integer :: i, j, k, a, b, c
    !$omp parallel do collapse(2) private(a, b, c)
    do k = 0, 2 * n - 1
      do j = 0, 2 * n - 1
        do i = 0, 2 * n - 1
          a = iand((i + 1) / 2, n - 1)
          b = iand((j + 1) / 2, n - 1)
          c = iand((k + 1) / 2, n - 1)
          fine(i, j, k) = fine(i, j, k) + (coarse(i / 2, j / 2, k / 2) + coarse(a, j / 2, k / 2) + &
            coarse(i / 2, b, k / 2) + coarse(a, b, k / 2) + coarse(i / 2, j / 2, c) + coarse(a, j / 2, c) + &
            coarse(i / 2, b, c) + coarse(a, b, c)) / 8
        end do
      end do
    end do
  end subroutine
end subroutine

subroutine bench_fortran_sp(side, steps, answer) bind(C)
  use, intrinsic :: iso_c_binding
  implicit none
  integer(c_int), value :: side, steps
  real(c_double), intent(out) :: answer
  integer, parameter :: fields = 5, side_max = 36, axes = 3
  real(c_double), parameter :: viscosity = 0.05d0, damping = 0.5d0, bending = 0.2d0, time_step = 0.2d0
  real(c_double), parameter :: speeds(fields) = [0.6d0, 0.35d0, 0.1d0, -0.15d0, -0.4d0]
  real(c_double), dimension(fields, side_max, side_max, side_max), save :: u, known, forcing, change
  real(c_double), save :: flux(fields, axes, side_max, side_max, side_max)
  real(c_double) :: h
  integer :: n, step

  n = side
  h = 1d0 / (n - 1)
  !$omp parallel private(step)
  call begin_beside_known
  do step = 1, steps
    call compute_change(time_step)
    call solve_along_x
    call solve_along_y
    call solve_along_z
    !$omp workshare
    u(:, 2:n - 1, 2:n - 1, 2:n - 1) = u(:, 2:n - 1, 2:n - 1, 2:n - 1) + change(:, 2:n - 1, 2:n - 1, 2:n - 1)
    !$omp end workshare
  end do
  !$omp end parallel
  answer = 1000 * sqrt(sum((u(:, 1:n, 1:n, 1:n) - known(:, 1:n, 1:n, 1:n))**2) / (fields * real(n, c_double)**3))
contains
  subroutine turn(x, axis, sine)
    real(c_double), intent(inout) :: x(0:fields - 1)
    integer, intent(in) :: axis
    real(c_double), intent(in) :: sine
    real(c_double) :: first
    integer :: a, b, pair
    do pair = 0, 1
      a = mod(axis - 1 + 2 * pair, fields)
      b = mod(a + 1, fields)
      first = 0.8d0 * x(a) - sine * x(b)
      x(b) = sine * x(a) + 0.8d0 * x(b)
      x(a) = first
    end do
  end subroutine

  pure integer function partner(field, axis)
    integer, intent(in) :: field, axis
    partner = mod(field - 1 + axis, fields) + 1
  end function

  subroutine begin_beside_known
    real(c_double) :: x, y, z
    integer :: i, j, k, m
    !$omp do collapse(2)
    do k = 1, n
      do j = 1, n
        do i = 1, n
          x = (k - 1) * h
          y = (j - 1) * h
          z = (i - 1) * h
          do m = 1, fields
            known(m, i, j, k) = 1 + 0.1d0 * m * x * (1 - 2 * x * y) + 0.2d0 * y * (z - 0.3d0 * y * (m - 1)) + &
              0.3d0 * z**3
          end do
          u(:, i, j, k) = known(:, i, j, k)
          forcing(:, i, j, k) = 0
          change(:, i, j, k) = 0
        end do
      end do
    end do
    call compute_change(1d0)
    !$omp do collapse(2)
    do k = 2, n - 1
      do j = 2, n - 1
        do i = 2, n - 1
          x = (k - 1) * h
          y = (j - 1) * h
          z = (i - 1) * h
          forcing(:, i, j, k) = -change(:, i, j, k)
          u(:, i, j, k) = u(:, i, j, k) + 12.8d0 * x * (1 - x) * y * (1 - y) * z * (1 - z)
        end do
      end do
    end do
  end subroutine

  ! In C the last index is the nearest, and its axis the third.
  subroutine compute_change(time)
    real(c_double), intent(in) :: time
    real(c_double) :: along(fields)
    integer :: i, j, k, m, axis
    !$omp do collapse(2)
    do k = 1, n
      do j = 1, n
        do i = 1, n
          do axis = 1, axes
            along = u(:, i, j, k)
            call turn(along, axis, 0.6d0)
            along = speeds * along
            call turn(along, axis, -0.6d0)
            do m = 1, fields
              flux(m, axis, i, j, k) = along(m) + bending / 2 * u(m, i, j, k) * u(partner(m, axis), i, j, k)
            end do
          end do
        end do
      end do
    end do
    !$omp do collapse(2)
    do k = 2, n - 1
      do j = 2, n - 1
        do i = 2, n - 1
          change(:, i, j, k) = time * (forcing(:, i, j, k) + &
            differences(flux(:, 3, i - 1, j, k), flux(:, 3, i + 1, j, k), u(:, max(i - 2, 1), j, k), &
              u(:, i - 1, j, k), u(:, i, j, k), u(:, i + 1, j, k), u(:, min(i + 2, n), j, k)) + &
            differences(flux(:, 2, i, j - 1, k), flux(:, 2, i, j + 1, k), u(:, i, max(j - 2, 1), k), &
              u(:, i, j - 1, k), u(:, i, j, k), u(:, i, j + 1, k), u(:, i, min(j + 2, n), k)) + &
            differences(flux(:, 1, i, j, k - 1), flux(:, 1, i, j, k + 1), u(:, i, j, max(k - 2, 1)), &
              u(:, i, j, k - 1), u(:, i, j, k), u(:, i, j, k + 1), u(:, i, j, min(k + 2, n))))
        end do
      end do
    end do
  end subroutine

  pure function differences(flux_before, flux_behind, u1, u2, u3, u4, u5)
    real(c_double), dimension(fields), intent(in) :: flux_before, flux_behind, u1, u2, u3, u4, u5
    real(c_double) :: differences(fields)
    differences = -(flux_behind - flux_before) / (2 * h) + viscosity / h**2 * (u2 - 2 * u3 + u4) - &
      damping * (u1 - 4 * u2 + 6 * u3 - 4 * u4 + u5)
  end function

  ! A line of points is copied, solved, and copied back.
  subroutine solve_along_x
    real(c_double), dimension(fields, side_max) :: at, r
    integer :: i, j
    !$omp do
    do j = 2, n - 1
      do i = 2, n - 1
        at(:, 1:n) = u(:, i, j, 1:n)
        r(:, 1:n) = change(:, i, j, 1:n)
        call solve_line(1, at, r)
        change(:, i, j, 1:n) = r(:, 1:n)
      end do
    end do
  end subroutine

  subroutine solve_along_y
    real(c_double), dimension(fields, side_max) :: at, r
    integer :: i, k
    !$omp do
    do k = 2, n - 1
      do i = 2, n - 1
        at(:, 1:n) = u(:, i, 1:n, k)
        r(:, 1:n) = change(:, i, 1:n, k)
        call solve_line(2, at, r)
        change(:, i, 1:n, k) = r(:, 1:n)
      end do
    end do
  end subroutine

  subroutine solve_along_z
    integer :: j, k
    !$omp do
    do k = 2, n - 1
      do j = 2, n - 1
        call solve_line(3, u(:, :, j, k), change(:, :, j, k))
      end do
    end do
  end subroutine

  ! In the axis's own directions each field has a system for itself, of five diagonals.
  subroutine solve_line(axis, at, r)
    integer, intent(in) :: axis
    real(c_double), intent(in) :: at(fields, side_max)
    real(c_double), intent(inout) :: r(fields, side_max)
    real(c_double), dimension(fields, 0:side_max) :: next, second
    real(c_double) :: slope, smooth, damp, b, c, d
    integer :: i, m, two
    slope = time_step / (2 * h)
    smooth = time_step * viscosity / h**2
    damp = time_step * damping
    next(:, 1) = 0
    second(:, 1) = 0
    do i = 2, n - 1
      two = max(i - 2, 1)
      call turn(r(:, i), axis, 0.6d0)
      do m = 1, fields
        b = -slope * (speeds(m) + bending / 2 * at(partner(m, axis), i - 1)) - smooth - 4 * damp - damp * next(m, two)
        c = 1 + 2 * smooth + 6 * damp - damp * second(m, two) - b * next(m, i - 1)
        d = -b * second(m, i - 1)
        if (i < n - 1) d = d + slope * (speeds(m) + bending / 2 * at(partner(m, axis), i + 1)) - smooth - 4 * damp
        r(m, i) = (r(m, i) - damp * r(m, two) - b * r(m, i - 1)) / c
        next(m, i) = d / c
        second(m, i) = merge(damp / c, 0d0, i < n - 2)
      end do
    end do
    do i = n - 1, 2, -1
      r(:, i) = r(:, i) - next(:, i) * r(:, i + 1) - second(:, i) * r(:, min(i + 2, n))
    end do
    do i = 2, n - 1
      call turn(r(:, i), axis, -0.6d0)
    end do
  end subroutine
end subroutine
