/* SPDX-License-Identifier: MIT */
/* main.cpp: runs the tests of the files that it is linked with. */
#include "tap.hpp"

int main(int count, char **arguments) { return tap::main(count, arguments); }
