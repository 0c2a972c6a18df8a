// SPDX-License-Identifier: MIT
// entry_target.c: entry points for devices and teams, called by hand: those that older and newer compilers call, and
// the routines of OpenMP 5.1 to 6.0, which GCC 12's library does not have.
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ending.h"
#include "program.h"

void GOMP_target(int device, void (*function)(void *), const void *unused, size_t count, void **addresses,
                 size_t *sizes, unsigned char *kinds);
void GOMP_target_ext(int device, void (*function)(void *), size_t count, void **addresses, size_t *sizes,
                     unsigned short *kinds, unsigned flags, void **depend, void **words);
void GOMP_target_data(int device, const void *unused, size_t count, void **addresses, size_t *sizes,
                      unsigned char *kinds);
void GOMP_target_update(int device, const void *unused, size_t count, void **addresses, size_t *sizes,
                        unsigned char *kinds);
void GOMP_target_end_data(void);
void GOMP_teams(unsigned teams, unsigned thread_limit);
void GOMP_offload_register(const void *host, int type, const void *code);
void GOMP_offload_unregister(const void *host, int type, const void *code);
void GOMP_offload_register_ver(unsigned version, const void *host, int type, const void *code);
void GOMP_offload_unregister_ver(unsigned version, const void *host, int type, const void *code);
bool GOMP_teams4(unsigned least, unsigned most, unsigned thread_limit, bool first);

int omp_get_num_devices_(void), omp_get_initial_device_(void), omp_get_device_num_(void), omp_is_initial_device_(void);
int omp_get_default_device_(void);
void omp_set_default_device_(const int32_t *device), omp_set_default_device_8_(const int64_t *device);

enum { KIND_TOFROM = 3, KIND_FIRSTPRIVATE = 0x0c, KIND_ATTACH = 0x50, FLAG_NOWAIT = 1, WORD_THREAD_LIMIT = 0x200 };

static void add_one(void *arg) { ++**(int **)arg; }

static void run_a_team(void *arg) {
  GOMP_teams(4, 3);
  **(int **)arg += omp_get_num_teams() * 10 + omp_get_team_num() + 100 * omp_get_thread_limit();
}

PROGRAM(entry_target_old) {
  int value = 0;
  void *addresses[] = {&value};
  size_t sizes[] = {sizeof value};
  unsigned char kinds[] = {KIND_TOFROM};
  GOMP_target_data(-1, NULL, 1, addresses, sizes, kinds);
  GOMP_target(-1, add_one, NULL, 1, addresses, sizes, kinds);
  GOMP_target_update(-1, NULL, 1, addresses, sizes, kinds);
  GOMP_target_end_data();
  EXPECT_EQ(value, 1);
  GOMP_target(-1, run_a_team, NULL, 1, addresses, sizes, kinds);
  EXPECT_EQ(value, 311);
  GOMP_offload_register(NULL, 1, NULL);
  GOMP_offload_unregister(NULL, 1, NULL);
  GOMP_offload_register_ver(0x10000, NULL, 1, NULL);
  GOMP_offload_unregister_ver(0x10000, NULL, 1, NULL);
}

static void keep_limit(void *arg) { **(int **)arg = omp_get_thread_limit(); }

// The limit stands in a word, or in the one after it; other words are passed over.
PROGRAM(entry_target_words) {
  int value = 0;
  void *addresses[] = {&value};
  size_t sizes[] = {sizeof value};
  unsigned short kinds[] = {KIND_TOFROM};
  void *in_word[] = {(void *)(intptr_t)0x30100, (void *)(intptr_t)(WORD_THREAD_LIMIT | 6 << 16), NULL};
  void *after_word[] = {(void *)(intptr_t)0x180, (void *)(intptr_t)7, (void *)(intptr_t)(WORD_THREAD_LIMIT | 0x80),
                        (void *)(intptr_t)70000, NULL};
  GOMP_target_ext(-1, keep_limit, 1, addresses, sizes, kinds, 0, NULL, in_word);
  EXPECT_EQ(value, 6);
  GOMP_target_ext(-1, keep_limit, 1, addresses, sizes, kinds, 0, NULL, after_word);
  EXPECT_EQ(value, 70000);
  GOMP_target_ext(-2, keep_limit, 1, addresses, sizes, kinds, 0, NULL, NULL);
  EXPECT_EQ(value, omp_get_thread_limit());
}

static int copies_seen;

static void look_at_copies(void *arg) {
  int **addresses = arg;
  copies_seen = *addresses[0] == 4 && *addresses[2] == 6 && *(int **)addresses[1] == addresses[0];
  *addresses[0] = *addresses[2] = 0;
}

// A pointer behind a copy comes to point to it: what GCC 13 and later have for Fortran's arrays.
PROGRAM_OF_OURS(entry_target_attach) {
  int a = 4, b = 6, *pointer = &a;
  for (unsigned flags = 0; flags <= FLAG_NOWAIT; flags++) {
    void *addresses[] = {&a, &pointer, &b};
    size_t sizes[] = {sizeof a, 0, sizeof b};
    unsigned short kinds[] = {KIND_FIRSTPRIVATE | 2 << 8, KIND_ATTACH, KIND_FIRSTPRIVATE | 7 << 8};
    copies_seen = 0;
    GOMP_target_ext(-1, look_at_copies, 3, addresses, sizes, kinds, flags, NULL, NULL);
#pragma omp taskwait
    EXPECT_EQ(copies_seen, 1);
    EXPECT(a == 4 && b == 6);
  }
}

PROGRAM(entry_devices_fortran) {
  int32_t device = 4;
  int64_t wide = 6;
  EXPECT_EQ(omp_get_num_devices_(), 0);
  EXPECT_EQ(omp_get_initial_device_(), 0);
  EXPECT_EQ(omp_get_device_num_(), 0);
  EXPECT_EQ(omp_is_initial_device_(), 1);
  omp_set_default_device_(&device);
  EXPECT_EQ(omp_get_default_device_(), 4);
  omp_set_default_device_8_(&wide);
  EXPECT_EQ(omp_get_default_device_(), 6);
}

// --- What GCC 12 does not have ------------------------------------------------------------------------------

static void *find(const char *name) {
  void *address = dlsym(RTLD_DEFAULT, name);
  if (address == NULL) fprintf(stderr, "there is no %s\n", name);
  EXPECT(address != NULL);
  return address;
}

PROGRAM_OF_OURS(entry_devices_5_1) {
  void *(*mapped)(const void *, int) = find("omp_get_mapped_ptr");
  int (*accessible)(const void *, size_t, int) = find("omp_target_is_accessible");
  void *(*indirect)(void *) = find("GOMP_target_map_indirect_ptr");
  const char *(*uid_of)(int) = find("omp_get_uid_from_device");
  int (*of_uid)(const char *) = find("omp_get_device_from_uid");
  void *(*fill)(void *, int, size_t, int) = find("omp_target_memset");
  char block[4] = "abc";
  EXPECT(mapped(block, 0) == block);
  EXPECT(mapped(block, 2) == NULL);
  EXPECT_EQ(accessible(block, 4, 0), 1);
  EXPECT_EQ(accessible(block, 4, 2), 0);
  EXPECT(indirect(block) == block);
  EXPECT(uid_of(5) == NULL);
  EXPECT(uid_of(0) != NULL && of_uid(uid_of(0)) == 0);
  EXPECT_EQ(of_uid("no such device"), -4);
  EXPECT(fill(block, 'x', 2, 0) == block);
  EXPECT_EQ(strcmp(block, "xxc"), 0);
  EXPECT(fill(block, 'y', 2, 7) == block);
  EXPECT_EQ(strcmp(block, "xxc"), 0);
}

typedef int copy_async(void *, const void *, size_t, size_t, size_t, int, int, int, omp_depend_t *);
typedef int copy_box_async(void *, const void *, size_t, int, const size_t *, const size_t *, const size_t *,
                           const size_t *, const size_t *, int, int, int, omp_depend_t *);
typedef void *fill_async(void *, int, size_t, int, int, omp_depend_t *);

PROGRAM_OF_OURS(entry_copies_as_tasks) {
  copy_async *copy = find("omp_target_memcpy_async");
  copy_box_async *copy_box = find("omp_target_memcpy_rect_async");
  fill_async *fill = find("omp_target_memset_async");
  char a[9] = "abcdefgh", b[9] = "12345678", c[9] = "ABCDEFGH";
  size_t volume[2] = {2, 2}, offsets[2] = {0, 1}, sizes[2] = {2, 4};
  omp_depend_t after[2];
#pragma omp parallel num_threads(2)
#pragma omp single
  {
#pragma omp depobj(after[0]) depend(inout : b)
#pragma omp depobj(after[1]) depend(inout : c)
#pragma omp task depend(out : b) shared(b)
    b[2] = '-';
    EXPECT_EQ(copy(a, b, 2, 3, 2, 0, 0, 1, after), 0);
    EXPECT_EQ(copy_box(c, a, 1, 2, volume, offsets, offsets, sizes, sizes, 0, 0, 2, after), 0);
    memset(volume, 0, sizeof volume);  // was copied
    EXPECT(fill(b, 'z', 1, 0, 1, after) == b);
    EXPECT(copy(a, b, 2, 0, 0, 3, 0, 1, after) != 0);
    EXPECT_EQ(copy(a, b, 1, 8, 8, 0, 0, 0, NULL), 0);
#pragma omp taskwait
    EXPECT_EQ(strcmp(a, "abc-4fgh"), 0);
    EXPECT_EQ(strcmp(c, "AbcDEfgH"), 0);
    EXPECT_EQ(b[0], 'z');
#pragma omp depobj(after[0]) destroy
#pragma omp depobj(after[1]) destroy
  }
}

PROGRAM_OF_OURS(entry_interop) {
  void (*interop)(int, int, uintptr_t **, const void *, const void *, int, uintptr_t **, int, uintptr_t **, unsigned,
                  void **) = find("GOMP_interop");
  intptr_t (*get_int)(uintptr_t, int, int *) = find("omp_get_interop_int");
  const char *(*name)(uintptr_t, int) = find("omp_get_interop_name");
  const char *(*words)(uintptr_t, int) = find("omp_get_interop_rc_desc");
  uintptr_t one = 5, two = 6, *made[] = {&one}, *dropped[] = {&two};
  int why = 0;
  interop(-1, 1, made, NULL, NULL, 0, NULL, 1, dropped, 0, NULL);
  EXPECT_EQ(one, 0);
  EXPECT_EQ(two, 0);
  EXPECT_EQ(get_int(one, -1, &why), 0);
  EXPECT_EQ(why, -1);
  EXPECT_EQ(get_int(one, 0, &why), 0);
  EXPECT_EQ(why, -2);
  EXPECT_EQ(get_int(one, -10, &why), 0);
  EXPECT_EQ(why, -2);
  EXPECT_EQ(strcmp(name(one, -9), "targetsync"), 0);
  EXPECT(name(one, -10) == NULL && name(one, 0) == NULL);
  EXPECT(words(one, -1) != NULL && words(one, 2) == NULL);
}

// --- OMP_TARGET_OFFLOAD -------------------------------------------------------------------------------------

// Programs are started anew by these names, with the variable.
PROGRAM(entry_mandatory_target) {
  int value = 0;
#pragma omp target device(5) map(value)
  value++;
  EXPECT_EQ(value, 1);
}

PROGRAM(entry_mandatory_data) {
  int value = 0;
#pragma omp target enter data map(to : value) device(5)
  EXPECT_EQ(value, 0);
}

PROGRAM(entry_mandatory_on_the_host) {
  int value = 0;
#pragma omp target device(omp_get_initial_device()) map(value)
  value++;
#pragma omp target if (0) map(value)
  value++;
  EXPECT_EQ(value, 2);
}

PROGRAM(entry_mandatory_default) {
  int value = 0;
#pragma omp target map(value)
  value++;
  EXPECT_EQ(value, 1);
}

static void start(void *name) {
  setenv("OMP_TARGET_OFFLOAD", "mandatory", 1);
  execl("/proc/self/exe", "mandatory", (char *)name, (char *)NULL);
}

PROGRAM(target_offload_mandatory) {
  char text[ENDING_TEXT];
  EXPECT_END(start, "entry_mandatory_target", "OMP_TARGET_OFFLOAD");
  EXPECT_END(start, "entry_mandatory_data", "OMP_TARGET_OFFLOAD");
  EXPECT_EQ(ending_run(start, "entry_mandatory_on_the_host", text), 0);
}

// OpenMP 5.2: the default device is then none. GCC 12's library takes the host.
PROGRAM_OF_OURS(target_offload_mandatory_without_a_device) {
  EXPECT_END(start, "entry_mandatory_default", "omp_invalid_device");
}
