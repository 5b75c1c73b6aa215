/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#ifdef CURATOR_TEST_COMPILATION
#define CURATOR_TEST_API __attribute__ ((visibility ("default"))) extern
#else
#define CURATOR_TEST_API extern
#endif
