// SPDX-License-Identifier: Apache-2.0

//go:build !asan

package main

const underAsan = false
