// SPDX-License-Identifier: Apache-2.0
// The speakers of speakers.def. Each text is what the tool printed about a program of ours, or was
// written after the line of the runtime's source that prints it; which of both is said with it.
#include "parse.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// What is expected is one line a report: "tool kind ACCESS size @address relation distance/size | message
// | role: function file:line module+offset, ...; role: ...". What a report does not have is left out.
struct text {
	const char *name, *text, *expected;
};

// clang-format off
static const struct text texts[] = {
	// go 1.19 run -race
	{ "go race", "0 0\n==================\nWARNING: DATA RACE\nWrite at 0x0000005db5c0 by goroutine 7:\n"
	  "  main.(*shelf).put()\n      /src/main.go:14 +0x33\n  main.main.func1()\n      /src/main.go:23 +0x47\n\n"
	  "Previous read at 0x0000005db5c0 by main goroutine:\n  main.(*shelf).look()\n      /src/main.go:17 +0x30\n\n"
	  "Goroutine 7 (running) created at:\n  main.main()\n      /src/main.go:22 +0xce\n==================\n"
	  "==================\nWARNING: DATA RACE\nRead at 0x0000005db5c8 by main goroutine:\n"
	  "  main.main()\n      /src/main.go:27 +0x114\n==================\nFound 2 data race(s)\nexit status 66\n",
	  "go data race WRITE @0x5db5c0 | crash: main.(*shelf).put /src/main.go:14, main.main.func1 /src/main.go:23;"
	  " previous access: main.(*shelf).look /src/main.go:17; thread created by: main.main /src/main.go:22\n"
	  "go data race READ @0x5db5c8 | crash: main.main /src/main.go:27\n" },
	// compiler-rt/lib/tsan/rtl/tsan_report.cpp, SANITIZER_GO: PrintStack(), PrintLocation()
	{ "go race, locations", "WARNING: DATA RACE\nWrite at 0x00c000014018 by goroutine 7:\n  main.put()\n      /src/r.go:4 +0x3c\n\n"
	  "Previous read at 0x00c000014018 by main goroutine:\n  [failed to restore the stack]\n\n"
	  "Heap block of size 8 at 0x00c000014018 allocated by main goroutine:\n  main.make()\n      /src/r.go:3 +0x1\n\n"
	  "Global var main.x of size 8 at 0x5db5c0 declared at /src/r.go:2\n==================\n",
	  "go data race WRITE @0xc000014018 | crash: main.put /src/r.go:4; allocated by: main.make /src/r.go:3\n" },
	// go 1.19 test -fuzz
	{ "go fuzz, panic", "fuzz: minimizing 36-byte failing input file\n--- FAIL: FuzzCut (0.43s)\n"
	  "    --- FAIL: FuzzCut (0.00s)\n        testing.go:1356: panic: runtime error: index out of range [6] with length 3\n"
	  "            goroutine 2032 [running]:\n            runtime/debug.Stack()\n"
	  "            \t/go/src/runtime/debug/stack.go:24 +0xdb\n            example.net/race.cut(...)\n"
	  "            \t/src/cut_test.go:7\n            \n    \n"
	  "    Failing input written to testdata/fuzz/FuzzCut/b303\n    To re-run:\n    go test -run=FuzzCut/b303\nFAIL\n",
	  "go index out of range | index out of range [6] with length 3 | input testdata/fuzz/FuzzCut/b303"
	  " | crash: runtime/debug.Stack /go/src/runtime/debug/stack.go:24, example.net/race.cut /src/cut_test.go:7\n" },
	{ "go fuzz, error", "--- FAIL: FuzzErr (0.04s)\n    --- FAIL: FuzzErr (0.00s)\n        cut_test.go:19: bad \"q\"\n    \n"
	  "    Failing input written to testdata/fuzz/FuzzErr/d9ef\n    To re-run:\n    go test -run=FuzzErr/d9ef\nFAIL\n",
	  "go test failed | bad \"q\" | input testdata/fuzz/FuzzErr/d9ef | crash: cut_test.go:19\n" },
	{ "go fuzz, death", "--- FAIL: FuzzDie (0.09s)\n    fuzzing process hung or terminated unexpectedly: exit status 2\n"
	  "    Failing input written to testdata/fuzz/FuzzDie/a58a\n",
	  "go test failed | fuzzing process hung or terminated unexpectedly: exit status 2 | input testdata/fuzz/FuzzDie/a58a\n" },
	{ "go test, no fuzzing", "--- FAIL: FuzzCut (0.00s)\nFAIL\n", "" },
	// rustc's emitter and src/tools/miri/src/diagnostics.rs: report_msg()
	{ "miri", "error: Undefined Behavior: memory access failed: attempting to access 8 bytes, but got alloc7 which is freed\n"
	  "  --> src/a.rs:4:5\n   |\n4  |     *p\n   |     ^^ memory access failed\n   |\n"
	  "   = help: this indicates a bug in the program\nhelp: alloc7 was allocated here:\n  --> src/a.rs:2:9\n"
	  "   |\n2  |     let b = Box::new(1);\n   |             ^^^^\nhelp: alloc7 was deallocated here:\n  --> src/a.rs:3:5\n"
	  "   = note: BACKTRACE (of the first span):\n   = note: inside `a::get` at src/a.rs:4:5: 4:7\n"
	  "note: inside `main`\n  --> src/a.rs:9:3\n   |\n\nerror: aborting due to 1 previous error\n",
	  "miri Undefined Behavior 8 | memory access failed: attempting to access 8 bytes, but got alloc7 which is freed"
	  " | allocated by: src/a.rs:2; freed by: src/a.rs:3; crash: a::get src/a.rs:4, main src/a.rs:9\n" },
	// src/diagnostics.rs: TerminationInfo::DataRace, FrameInfo::as_note() of rustc's const_eval
	{ "miri, race", "error: Undefined Behavior: Data race detected between (1) non-atomic write on thread `unnamed-1` and"
	  " (2) non-atomic read on thread `main` at alloc1. (2) just happened here\n  --> src/a.rs:9:3\n   |\n"
	  "help: and (1) occurred earlier here\n  --> src/a.rs:4:5\n   |\n   = help: this indicates a bug in the program\n"
	  "   = note: BACKTRACE (of the first span):\n   = note: inside `a::get` at src/a.rs:9:3: 9:4\nnote: inside closure\n  --> src/a.rs:20:3\n",
	  "miri Undefined Behavior | Data race detected between (1) non-atomic write on thread `unnamed-1` and (2) non-atomic read"
	  " on thread `main` at alloc1. (2) just happened here | previous access: src/a.rs:4; crash: a::get src/a.rs:9, src/a.rs:20\n" },
	{ "miri, resources", "error: resource exhaustion: reached the configured maximum execution time\n --> src/a.rs:2:9\n",
	  "miri resource exhaustion | reached the configured maximum execution time | crash: src/a.rs:2\n" },
	{ "miri, leak", "error: memory leaked: alloc3 (Rust heap, size: 4, align: 4), allocated here:\n  --> src/a.rs:2:9\n",
	  "miri memory leaked | alloc3 (Rust heap, size: 4, align: 4), allocated here: | crash: src/a.rs:2\n" },
	// mm/kasan/report.c: print_error_description(), describe_object_addr()
	{ "kasan", "==================================================================\n"
	  "BUG: KASAN: slab-out-of-bounds in box_put+0x1c/0x40 [box]\nRead of size 4 at addr ffff888001000050 by task cat/77\n\n"
	  "CPU: 0 PID: 77 Comm: cat Not tainted 6.1.0 #2\nHardware name: QEMU Standard PC (i440FX + PIIX, 1996)\n"
	  "Call Trace:\n <TASK>\n dump_stack_lvl+0x33/0x46\n ? box_open+0x1/0x9 [box]\n box_put+0x1c/0x40 [box]\n"
	  " vfs_write+0x9/0x90 fs/read_write.c:582\n </TASK>\n\nAllocated by task 77:\n box_open+0x33/0xb0 [box]\n\n"
	  "The buggy address belongs to the object at ffff888001000000\n which belongs to the cache kmalloc-64 of size 64\n"
	  "The buggy address is located 16 bytes to the right of\n allocated 64-byte region [ffff888001000000, ffff888001000040)\n"
	  "==================================================================\n",
	  "kasan slab-out-of-bounds READ 4 @0xffff888001000050 after 16/64 | BUG: KASAN: slab-out-of-bounds in box_put+0x1c/0x40 [box]"
	  " | crash: dump_stack_lvl+0x33, box_put box+0x1c, vfs_write fs/read_write.c:582+0x9; allocated by: box_open box+0x33\n" },
	// mm/kasan/report.c: kasan_non_canonical_hook(), arch/x86/mm/fault.c
	{ "kasan, null", "general protection fault, probably for non-canonical address 0xdffffc0000000003: 0000 [#1]\n"
	  "KASAN: null-ptr-deref in range [0x0000000000000018-0x000000000000001f]\nRIP: 0010:box_get+0x8/0x20\n"
	  "Call Trace:\n <TASK>\n vfs_read+0x9/0x90\n </TASK>\nRIP: 0033:0x7f0000001234\n",
	  "kasan null-ptr-deref @0x18 | KASAN: null-ptr-deref in range [0x0000000000000018-0x000000000000001f]"
	  " | crash: box_get+0x8, vfs_read+0x9\n" },
	// mm/kasan/report.c: print_error_description(), print_address_description(); mm/page_owner.c
	{ "kasan, free", "BUG: KASAN: double-free in kfree+0x1c/0x40\nFree of addr ffff888001000050 by task cat/77\n\n"
	  "Call trace:\n kasan_report_invalid_free+0x1c/0x40\n kfree+0x3/0x9\n\nThe buggy address belongs to the variable:\n"
	  " table+0x20/0x40\n\nThe buggy address belongs to the physical page:\npage:000000 refcount:1\n"
	  "page last allocated via order 0, migratetype Unmovable\n prep_new_page+0x2c/0x60\n",
	  "kasan double-free @0xffff888001000050 | BUG: KASAN: double-free in kfree+0x1c/0x40"
	  " | crash: kasan_report_invalid_free+0x1c, kfree+0x3\n" },
	// scripts/decode_stacktrace.sh: parse_symbol(), handle_line()
	{ "kasan, decoded", "BUG: KASAN: use-after-free in box_put (drivers/box.c:12) box\nRead of size 4 at addr ffff888001000050 by task cat/77\n"
	  "Call Trace:\n <TASK>\n box_put (drivers/box.c:12 (discriminator 3) drivers/box.c:40) box\n vfs_write (fs/read_write.c:582)\n </TASK>\n",
	  "kasan use-after-free READ 4 @0xffff888001000050 | BUG: KASAN: use-after-free in box_put (drivers/box.c:12) box"
	  " | crash: box_put drivers/box.c:12 box, vfs_write fs/read_write.c:582\n" },
	// compiler-rt/lib/hwasan/scripts/hwasan_symbolize: symbolize_line()
	{ "hwasan_symbolize", "==9==ERROR: HWAddressSanitizer: tag-mismatch on address 0x004200000010 at pc 0x0010\n"
	  "WRITE of size 2 at 0x004200000010 tags: 2c/0d (ptr/mem) in thread T0\n"
	  "    #0 in::put(int) in /src/in dir/a.cc:61:18\n    ->           run in /src/a.cc:70:3\n    #1 __libc_init in ??:0:0\n",
	  "hwasan tag-mismatch WRITE 2 @0x4200000010 | tag-mismatch on address 0x004200000010 at pc 0x0010"
	  " | crash: in::put(int) /src/in dir/a.cc:61, run /src/a.cc:70, __libc_init\n" },
	// debuggerd/libdebuggerd/tombstone_proto_to_text.cpp: print_main_thread(), print_backtrace()
	{ "tombstone", "*** *** *** *** *** *** *** ***\nABI: 'arm64'\npid: 11, tid: 12, name: w  >>> org.x <<<\n"
	  "signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0000000000000008\nCause: null pointer dereference\n"
	  "    x0  0000000000000000  x1  0000000000000bc9\n\nbacktrace:\n"
	  "      #00 pc 0000000000012344  /data/app/lib/arm64/libbox.so (Box::get(int)+56) (BuildId: ffee)\n"
	  "      #01 pc 0000000000012a00  /data/app/base.apk!libbox.so (offset 0x1000) (run+8)\n"
	  "      #02 pc 0000000000012b00  /data/app/lib/arm64/libbox.so (BuildId: ffee)\n"
	  "      #03 pc 0000000000012c00  /system/bin/app_process64\n"
	  "--- --- --- --- --- --- --- ---\npid: 11, tid: 13, name: v  >>> org.x <<<\nbacktrace:\n"
	  "      #00 pc 0000000000099999  /system/lib64/libc.so (syscall+32)\n",
	  "signal SIGSEGV @0x8 | signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0000000000000008"
	  " | crash: Box::get(int) /data/app/lib/arm64/libbox.so+0x12344, run /data/app/base.apk!libbox.so+0x12a00,"
	  " /data/app/lib/arm64/libbox.so+0x12b00, /system/bin/app_process64+0x12c00\n" },
	{ "tombstone, abort", "signal 6 (SIGABRT), code -1 (SI_QUEUE), fault addr --------\nAbort message: 'bad thing'\n"
	  "backtrace:\n      #00 pc 00000010  /lib/libc.so (abort+16)\n",
	  "signal SIGABRT | bad thing | crash: abort /lib/libc.so+0x10\n" },
	// scudo/standalone/report.cpp within the abort message
	{ "tombstone, scudo", "signal 6 (SIGABRT), code -1 (SI_QUEUE), fault addr --------\n"
	  "Abort message: 'Scudo ERROR: corrupted chunk header at address 0x20000701'\n'\n"
	  "backtrace:\n      #00 pc 00000010  /lib/libc.so (abort+16)\n",
	  "scudo corrupted chunk header @0x20000701 | corrupted chunk header at address 0x20000701'"
	  " | crash: abort /lib/libc.so+0x10\n" },
	// debuggerd/libdebuggerd/gwp_asan.cpp: DumpCause(), DumpDeallocationTrace()
	{ "tombstone, gwp-asan", "signal 11 (SIGSEGV), code 2 (SEGV_ACCERR), fault addr 0x7000000012\n"
	  "Cause: [GWP-ASan]: Use After Free, 2 bytes into a 8-byte allocation at 0x7000000010\n"
	  "backtrace:\n      #00 pc 00000010  /lib/libbox.so (use+4)\n\ndeallocated by thread 7:\n"
	  "      #00 pc 00000020  /lib/libbox.so (drop+4)\n\nallocated by thread 7:\n"
	  "      #00 pc 00000030  /lib/libbox.so (make+4)\n",
	  "gwp-asan Use After Free @0x7000000012 inside 2/8 | signal 11 (SIGSEGV), code 2 (SEGV_ACCERR), fault addr 0x7000000012"
	  " | crash: use /lib/libbox.so+0x10; freed by: drop /lib/libbox.so+0x20; allocated by: make /lib/libbox.so+0x30\n" },
	// compiler-rt/lib/gwp_asan/optional/segv_handler_posix.cpp: printHeader() counts from the block's start
	{ "gwp-asan, distance", "*** GWP-ASan detected a memory error ***\nBuffer Overflow at 0x7000000009 (9 bytes to the right of a 8-byte allocation"
	  " at 0x7000000000) by thread 9 here:\n  #0 ./m(+0x10) [0x10]\n",
	  "gwp-asan Buffer Overflow @0x7000000009 after 1/8 | Buffer Overflow at 0x7000000009 (9 bytes to the right of a 8-byte allocation"
	  " at 0x7000000000) by thread 9 here: | crash: ./m+0x10\n" },
	{ "gwp-asan, unknown", "*** GWP-ASan detected a memory error ***\nGWP-ASan cannot provide any more information about this error. x\n"
	  "*** End GWP-ASan report ***\n", "gwp-asan Unknown\n" },
	// scudo/standalone/report.cpp
	{ "scudo, sizes", "Scudo ERROR: out of memory trying to allocate 64 bytes\nScudo ERROR: BatchClass region is used up, can't hold any free block\n",
	  "scudo out-of-memory | out of memory trying to allocate 64 bytes\n"
	  "scudo out-of-memory | BatchClass region is used up, can't hold any free block\n" },
	// report.c: report_appendReport()
	{ "honggfuzz", "=====================================================================\nTIME: 2031-01-02.03:04:05\n"
	  "CRASH:\nDESCRIPTION: \nORIG_FNAME: 00.honggfuzz.cov\nFUZZ_FNAME: hf/SIGSEGV.PC.1.fuzz\nPID: 515\n"
	  "SIGNAL: SIGSEGV (11)\nPC: 0x1234\nFAULT ADDRESS: 0x7f0000001000\nINSTRUCTION: mov\nSTACK HASH: 0011\nSTACK:\n"
	  " <0x0000000000001234> [func:get file:a.c line:64 module:/src/box]\n"
	  " <0x0000000000001300> [func:UNKNOWN file: line:0 module:/src/box]\n"
	  "=====================================================================\n",
	  "signal SIGSEGV @0x7f0000001000 | input hf/SIGSEGV.PC.1.fuzz | crash: get a.c:64 /src/box, /src/box\n" },
	// exec/trace.c
	{ "traced", "note\n\nProcess 1353 was traced, and stopped by SEGV in thread 1354:\na write at 0x10\n"
	  "instruction at 0x55abd979219c: c7 00 01 00\nregisters: rax=0x0 rip=0x55abd979219c\nstack:\n"
	  "    #0 0x55abd979219c  (/src/a b+0x119c) (BuildId: c0a9e0f3cbec) (function +0x1190)\n"
	  "    #1 0x55abd9792096  (/src/a b+0x1095) (BuildId: c0a9e0f3cbec)\n    #2 0x7f55033b024a\n",
	  "signal SEGV WRITE @0x10 | crash: /src/a b+0x119c, /src/a b+0x1095, \n" },
	{ "traced, without an address", "Process 7 was traced, and stopped by SEGV in thread 7:\n"
	  "a read at an address that no memory can have\nstack:\n    #0 0x1  (/src/a+0x1)\n",
	  "signal SEGV READ | crash: /src/a+0x1\n" },
	{ "traced hang", "Process 7 was traced, and stopped by timeout in thread 8:\ninstruction at 0x1: 90\n"
	  "registers: rip=0x1\nstack:\n    #0 0x1  (/src/a+0x1)\n",
	  "signal timeout | crash: /src/a+0x1\n" },
	// linux/trace.c of honggfuzz 0.8 and 1.0: arch_traceGenerateReport(), without and with Capstone
	{ "honggfuzz, old", "FUZZ_FNAME: a.fuzz\nPID: 3\nSIGNAL: SIGSEGV (11)\nFAULT ADDRESS: 0x7f0000001000\nSTACK:\n"
	  " <0x0000000000001234> [get():64 at /src/box]\n <0x0000000000001300> [run() + 0x40 at /src/box]\n <0x0000000000001400> []\n",
	  "signal SIGSEGV @0x7f0000001000 | input a.fuzz | crash: get /src/box, run /src/box+0x40, \n" },
	// gdb 13.1 -batch -ex run -ex bt
	{ "gdb", "Program received signal SIGABRT, Aborted.\n__pthread_kill_implementation (signo=6) at ./nptl/pthread_kill.c:44\n"
	  "44\t./nptl/pthread_kill.c: No such file or directory.\n#0  __pthread_kill_implementation (signo=6) at ./nptl/pthread_kill.c:44\n"
	  "#1  0x00007ffff7df9472 in __GI_abort () at ./stdlib/abort.c:79\n#2  0x000055555555526f in main (argc=2) at a.c:13\n",
	  "signal SIGABRT | crash: __pthread_kill_implementation ./nptl/pthread_kill.c:44, __GI_abort ./stdlib/abort.c:79, main a.c:13\n" },
	// gdb 13.1 on a core: print_signal_exited_reason() in infrun.c
	{ "gdb, core", "Core was generated by `./a n'.\nProgram terminated with signal SIGSEGV, Segmentation fault.\n"
	  "#0  0x0000555555555178 in load (q=0x0, n=3) at a.c:5\n#1  0x1 in ?? () from /lib/libx.so\n",
	  "signal SIGSEGV | crash: load a.c:5, /lib/libx.so\n" },
	// lldb 14.0.6 -b -o run -o bt
	{ "lldb", "(lldb) run\nProcess 2615 stopped\n"
	  "* thread #1, name = 'a', stop reason = signal SIGSEGV: invalid address (fault address: 0xc)\n"
	  "    frame #0: 0x0000555555555178 a`load(q=0x0000000000000000, n=3) at a.c:5:74\n   4   \tint *p;\n(lldb) bt\n"
	  "* thread #1, name = 'a', stop reason = signal SIGSEGV: invalid address (fault address: 0xc)\n"
	  "  * frame #0: 0x0000555555555178 a`load(q=0x0000000000000000, n=3) at a.c:5:74\n"
	  "    frame #1: 0x000055555555529b a`main(argc=2) at a.c:14\n"
	  "    frame #2: 0x00007ffff7df8fb5 libc.so.6`__libc_start_main + 133\n"
	  "    frame #3: 0x0000555555555081 a`_start\n",
	  "signal SIGSEGV @0xc | * thread #1, name = 'a', stop reason = signal SIGSEGV: invalid address (fault address: 0xc)"
	  " | crash: load a.c:5 a, main a.c:14 a, __libc_start_main libc.so.6, _start a\n" },
	// g++ 12, libstdc++
	{ "exception", "terminate called after throwing an instance of 'std::out_of_range'\n"
	  "  what():  vector::_M_range_check: __n (which is 9) >= this->size() (which is 3)\nAborted\n",
	  "c++ uncaught-exception | std::out_of_range: vector::_M_range_check: __n (which is 9) >= this->size() (which is 3)\n" },
	{ "exception, no what", "terminate called after throwing an instance of 'int'\nAborted\n", "c++ uncaught-exception | int\n" },
	{ "exception, none", "terminate called without an active exception\nAborted\n",
	  "c++ terminate | without an active exception\n" },
	{ "exception and its abort", "terminate called after throwing an instance of 'my'\n  what():  own words: 3\n"
	  "==81==ERROR: AddressSanitizer: ABRT on unknown address 0x000000000051 (pc 0x1 bp 0x2 sp 0x3 T0)\n"
	  "    #0 0x1 in raise r.c:1\n    #1 0x2 in put a.cc:2\n",
	  "asan ABRT @0x51 | my: own words: 3 | crash: raise r.c:1, put a.cc:2\n" },
	{ "exception and another fault", "terminate called after throwing an instance of 'my'\n"
	  "==81==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000051 (pc 0x1 bp 0x2 sp 0x3 T0)\n    #0 0x1 in f a.c:1\n",
	  "c++ uncaught-exception | my\nasan SEGV @0x51 | SEGV on unknown address 0x000000000051 (pc 0x1 bp 0x2 sp 0x3 T0)"
	  " | crash: f a.c:1\n" },
	// g++ 12: a constructor that calls a function that calls a pure virtual one
	{ "pure virtual", "pure virtual method called\nterminate called without an active exception\nAborted\n",
	  "c++ pure-virtual-call | pure virtual method called\n" },
	// libcxxabi/src/cxa_default_handlers.cpp: demangling_terminate_handler()
	{ "exception, libc++abi", "libc++abi: terminating due to uncaught exception of type std::out_of_range: vector\n",
	  "c++ uncaught-exception | std::out_of_range: vector\n" },
	{ "exception, libc++abi, unexpected", "libc++abi: terminating due to unexpected exception of type int\n",
	  "c++ uncaught-exception | int\n" },
	{ "exception, libc++abi, foreign", "libc++abi: terminating due to uncaught foreign exception\n",
	  "c++ uncaught-exception | libc++abi: terminating due to uncaught foreign exception\n" },
	// clang 14 -stdlib=libc++
	{ "exception, libc++abi 14", "libc++abi: terminating with uncaught exception of type std::out_of_range: row 9\n",
	  "c++ uncaught-exception | std::out_of_range: row 9\n" },
	{ "terminate, libc++abi 14", "libc++abi: terminating\nAborted\n", "c++ terminate | libc++abi: terminating\n" },
	{ "pure virtual, libc++abi 14", "libc++abi: Pure virtual function called!\nAborted\n",
	  "c++ pure-virtual-call | libc++abi: Pure virtual function called!\n" },
	{ "libc++ 14, -D_LIBCPP_DEBUG=0", "/opt/v1/vector:1440: _LIBCPP_ASSERT '__n < size()' failed. vector[] index out of bounds\nAborted\n",
	  "glibc assertion-failed | _LIBCPP_ASSERT '__n < size()' failed. vector[] index out of bounds | crash: /opt/v1/vector:1440\n" },
	// GLib 2.74: g_assert(), g_assert_cmpstr(), g_assert_true(), g_assert_not_reached(), g_assert_no_error()
	{ "glib", "**\nERROR:../src/box.c:12:box_put: assertion failed: (n == 1)\n"
	  "Bail out! ERROR:../src/box.c:12:box_put: assertion failed: (n == 1)\nAborted\n",
	  "glib assertion-failed | ERROR:../src/box.c:12:box_put: assertion failed: (n == 1) | crash: box_put ../src/box.c:12\n" },
	{ "glib, domain", "**\nBox:ERROR:g.c:7:str: assertion failed (s == \"b\"): (\"a\" == \"b\")\n"
	  "Bail out! Box:ERROR:g.c:7:str: assertion failed (s == \"b\"): (\"a\" == \"b\")\n",
	  "glib assertion-failed | ERROR:g.c:7:str: assertion failed (s == \"b\"): (\"a\" == \"b\") | crash: str g.c:7\n" },
	{ "glib, true", "**\nERROR:g.c:5:tr: 'n==7' should be TRUE\nBail out! ERROR:g.c:5:tr: 'n==7' should be TRUE\n",
	  "glib assertion-failed | ERROR:g.c:5:tr: 'n==7' should be TRUE | crash: tr g.c:5\n" },
	{ "glib, not reached", "**\nERROR:g.c:8:reach: code should not be reached\nBail out! ERROR:g.c:8:reach: code should not be reached\n",
	  "glib assertion-failed | ERROR:g.c:8:reach: code should not be reached | crash: reach g.c:8\n" },
	{ "glib, GError", "**\nERROR:g.c:13:main: assertion failed (e == NULL): boo (q, 3)\n",
	  "glib assertion-failed | ERROR:g.c:13:main: assertion failed (e == NULL): boo (q, 3) | crash: main g.c:13\n" },
	// GLib 2.74: g_error(), and g_return_if_fail() with and without G_DEBUG=fatal-criticals
	{ "glib, error", "\n(process:77): Box-ERROR **: 10:00:00.123: no room\nTrace/breakpoint trap\n", "glib g_error | no room\n" },
	{ "glib, error, no domain", "\n** (process:77): ERROR **: 10:00:00.123: no room\n", "glib g_error | no room\n" },
	{ "glib, fatal critical", "\n(process:77): Box-CRITICAL **: 10:00:00.123: get: assertion 's!=NULL' failed\nTrace/breakpoint trap\n",
	  "glib g_critical | get: assertion 's!=NULL' failed\n" },
	{ "glib, critical", "\n** (process:77): CRITICAL **: 10:00:00.123: get: assertion 's!=NULL' failed\nall well\n", "" },
	// src/free.c: mi_check_padding(), mi_check_is_double_freex(); src/options.c: mi_vfprintf_thread()
	{ "mimalloc", "mimalloc: error: double free detected of block 0x000020000100 with size 48\n",
	  "mimalloc double free @0x20000100 | mimalloc: error: double free detected of block 0x000020000100 with size 48\n" },
	{ "mimalloc, thread", "mimalloc: error: thread 0x7f01: buffer overflow in heap block 0x20000100 of size 40: write after 41 bytes\n",
	  "mimalloc buffer overflow @0x20000100 | mimalloc: error: thread 0x7f01: buffer overflow in heap block 0x20000100 of size 40:"
	  " write after 41 bytes\n" },
	// mimalloc 2.0.9 with MI_DEBUG=1
	{ "mimalloc, overflow", "mimalloc: error: buffer overflow in heap block 0x20000010180 of size 40: write after 40 bytes\n",
	  "mimalloc buffer overflow @0x20000010180 | mimalloc: error: buffer overflow in heap block 0x20000010180 of size 40:"
	  " write after 40 bytes\n" },
	{ "mimalloc, free list", "mimalloc: error: corrupted free list entry of size 48b at 0x20000010180: value 0x21b7207a18c2f207\n",
	  "mimalloc corrupted free list @0x20000010180 | mimalloc: error: corrupted free list entry of size 48b at 0x20000010180:"
	  " value 0x21b7207a18c2f207\n" },
	// src/free.c of version 3: mi_check_padding(), mi_validate_ptr_page()
	{ "mimalloc 3", "mimalloc: error: buffer overflow in theap block 0x20000100 of size 40: write after 41 bytes\n"
	  "mimalloc: error: mi_free: invalid pointer: 0x20000200\n",
	  "mimalloc buffer overflow @0x20000100 | mimalloc: error: buffer overflow in theap block 0x20000100 of size 40: write after 41 bytes\n"
	  "mimalloc mi_free: invalid pointer @0x20000200 | mimalloc: error: mi_free: invalid pointer: 0x20000200\n" },
	{ "mimalloc, assertion", "mimalloc: assertion failed: at \"/src/page.c\":77, mi_page_is_valid\n  assertion: \"x\"\n",
	  "mimalloc assertion-failed | mimalloc: assertion failed: at \"/src/page.c\":77, mi_page_is_valid"
	  " | crash: mi_page_is_valid /src/page.c:77\n" },
	// gperftools 2.10: free() of an address in .bss; the debug library on a second free()
	{ "tcmalloc", "src/tcmalloc.cc:333] Attempt to free invalid pointer 0x557418ed40c0 \n",
	  "tcmalloc invalid free @0x557418ed40c0 | Attempt to free invalid pointer 0x557418ed40c0\n" },
	{ "tcmalloc, debug", "memory allocation bug: object at 0x56396d8f0020 has been already deallocated; or else a word before the"
	  " object has been corrupted (memory stomping bug)\n",
	  "tcmalloc double free @0x56396d8f0020 | memory allocation bug: object at 0x56396d8f0020 has been already deallocated;"
	  " or else a word before the object has been corrupted (memory stomping bug)\n" },
	// gperftools 2.10, the debug library: a write into a freed block
	{ "tcmalloc, stale write", "Memory was written to after being freed.  MallocBlock: 0x557aaf91e000, user ptr: 0x557aaf91e020, size: 88."
	  "  If you can't find the source of the error, try using ASan\n",
	  "tcmalloc write-after-free @0x557aaf91e020 | Memory was written to after being freed.  MallocBlock: 0x557aaf91e000,"
	  " user ptr: 0x557aaf91e020, size: 88.  If you can't find the source of the error, try using ASan\n" },
	// google/tcmalloc: ReportMismatchedDelete() and ReportMismatchedSizeClass() in error_reporting.cc
	{ "tcmalloc, wrong size", "9 x.cc:1] *** GWP-ASan (https://x) has detected a memory error ***\n9 x.cc:1] Error originates from memory allocated at:\n"
	  "9 x.cc:1]   @  0x10\n9 x.cc:1] Mismatched-size-delete (https://x) of 8 bytes (expected 16 bytes) at:\n9 x.cc:1]   @  0x20\n",
	  "gwp-asan mismatched-size-delete | *** GWP-ASan (https://x) has detected a memory error *** | allocated by: ; crash: \n" },
	{ "tcmalloc, wrong class", "9 x.cc:1] *** GWP-ASan (https://x) has detected a memory error ***\n9 x.cc:1] NOTE: The blamed stack trace\n"
	  "9 x.cc:1] Mismatched-size-class (https://x) discovered for pointer 0x7f0000001000: this pointer was recently freed\n",
	  "gwp-asan mismatched-size-class @0x7f0000001000 | *** GWP-ASan (https://x) has detected a memory error ***\n" },
	// google/tcmalloc: SegvHandler() in segv_handler.cc
	{ "tcmalloc, gwp-asan at free", "9 x.cc:1] *** GWP-ASan (https://x)  has detected a memory error ***\n"
	  "9 x.cc:1] >>> Access at offset 8 into buffer of length 8\n9 x.cc:1] Error originates from memory allocated in thread 9 at:\n"
	  "9 x.cc:1]   @  0x10\n9 x.cc:1] Buffer overflow (write) detected in thread 9 at free:\n9 x.cc:1]   @  0x20\n",
	  "gwp-asan Buffer Overflow after ?/8 | *** GWP-ASan (https://x)  has detected a memory error *** | allocated by: ; crash: \n" },
	{ "tcmalloc, gwp-asan", "2031-01-02 03:04:05.6 9 tcmalloc/segv_handler.cc:1] *** GWP-ASan (https://x) has detected a memory error ***\n"
	  "2031-01-02 03:04:05.6 9 tcmalloc/segv_handler.cc:2] >>> Access at offset 9 into buffer of length 8\n"
	  "2031-01-02 03:04:05.6 9 tcmalloc/segv_handler.cc:3] Error originates from memory allocated in thread 9 at:\n"
	  "2031-01-02 03:04:05.6 9 tcmalloc/internal/logging.cc:4]     @  0x10  make\n"
	  "2031-01-02 03:04:05.6 9 tcmalloc/segv_handler.cc:5] Buffer overflow (read) occurs in thread 9 at:\n"
	  "2031-01-02 03:04:05.6 9 tcmalloc/internal/logging.cc:4]     @  0x20  use\n",
	  "gwp-asan Buffer Overflow after ?/8 | *** GWP-ASan (https://x) has detected a memory error ***"
	  " | allocated by: make; crash: use\n" },
	// jemalloc: safety_check.c, cache_bin.h
	{ "jemalloc", "<jemalloc>: size mismatch detected (true size 64 vs input size 32), likely caused by application sized"
	  " deallocation bugs (source address: 0x7f10, the current pointer being freed). Suggest building with address sanitizer\n",
	  "jemalloc size mismatch @0x7f10 | <jemalloc>: size mismatch detected (true size 64 vs input size 32), likely caused by"
	  " application sized deallocation bugs (source address: 0x7f10, the current pointer being freed). Suggest building with"
	  " address sanitizer\n" },
	// jemalloc 5.3.0 with --enable-opt-safety-checks: free() twice of a large block, sdallocx() with another size
	{ "jemalloc, large double free", "Invalid deallocation detected: pages being freed (0x7f2f1ec0b000) not currently active, possibly"
	  " caused by double free bugs.\n",
	  "jemalloc double free @0x7f2f1ec0b000 | Invalid deallocation detected: pages being freed (0x7f2f1ec0b000) not currently active,"
	  " possibly caused by double free bugs.\n" },
	{ "jemalloc, old size mismatch", "<jemalloc>: size mismatch detected, likely caused by application sized deallocation bugs"
	  " (source: the current pointer being freed). Abort.\n",
	  "jemalloc size mismatch | <jemalloc>: size mismatch detected, likely caused by application sized deallocation bugs"
	  " (source: the current pointer being freed). Abort.\n" },
	// cache_bin.h: cache_bin_dalloc_safety_checks()
	{ "jemalloc, double free", "Invalid deallocation detected: double free of pointer 0x7f10\n",
	  "jemalloc double free @0x7f10 | Invalid deallocation detected: double free of pointer 0x7f10\n" },
	// compiler-rt/lib/rtsan/rtsan_diagnostics.cpp
	{ "rtsan", "==9==ERROR: RealtimeSanitizer: unsafe-library-call\n"
	  "Intercepted call to real-time unsafe function `malloc` in real-time context!\n    #0 0x1 in malloc m.cpp:1:2\n"
	  "    #1 0x2 in play a.cc:3:4\n",
	  "rtsan unsafe-library-call | unsafe-library-call | crash: malloc m.cpp:1, play a.cc:3\n" },
};
// clang-format on

static void print_frame(FILE *file, const struct report_frame *frame)
{
	const char *between = "";

	if (frame->function)
		between = fprintf(file, "%s", frame->function) ? " " : "";
	if (frame->file)
		fprintf(file, "%s%s:%" PRIu64, between, frame->file, frame->line.value);
	between = frame->file ? " " : between;
	if (frame->module)
		fprintf(file, "%s%s", between, frame->module);
	if (frame->offset.known)
		fprintf(file, "+0x%" PRIx64, frame->offset.value);
}

static void print_region(FILE *file, const struct report_region *region)
{
	fprintf(file, " %s ", report_relation_word(region->relation));
	if (region->distance_bytes.known)
		fprintf(file, "%" PRIu64, region->distance_bytes.value);
	else
		fputc('?', file);
	fprintf(file, "/%" PRIu64, region->size_bytes.value);
}

static void print_stacks(FILE *file, const struct report *report)
{
	for (size_t i = 0; i < report->stack_count; i++) {
		const struct report_stack *stack = &report->stacks[i];

		fprintf(file, "%s%s: ", i ? "; " : " | ", report_role_words(stack->role));
		for (size_t j = 0; j < stack->frame_count; j++) {
			if (j)
				fputs(", ", file);
			print_frame(file, &stack->frames[j]);
		}
	}
}

static void print_report(FILE *file, const struct report *report)
{
	fprintf(file, "%s %s", report->tool_name, report->kind ? report->kind : "?");
	if (report->access != REPORT_ACCESS_NONE)
		fprintf(file, " %s", report_access_word(report->access));
	if (report->size_bytes.known)
		fprintf(file, " %" PRIu64, report->size_bytes.value);
	if (report->address.known)
		fprintf(file, " @0x%" PRIx64, report->address.value);
	if (report->region.relation != REPORT_RELATION_NONE)
		print_region(file, &report->region);
	// That of a race says no more than its kind.
	if (report->message && strcmp(report->message, report->headline) != 0)
		fprintf(file, " | %s", report->message);
	else if (report->message && strcmp(report->kind, "data race") != 0)
		fprintf(file, " | %s", report->message);
	if (report->input)
		fprintf(file, " | input %s", report->input);
	print_stacks(file, report);
	fputc('\n', file);
}

static struct reports *parse(const char *text, size_t n)
{
	struct reports *reports = NULL;
	char *copy = malloc(n ? n : 1); // as long as the text, so that ASan sees any overrun

	assert_non_null(copy);
	memcpy(copy, text, n);
	assert_int_equal(parse_report(copy, n, NULL, &reports), 0);
	free(copy);
	return reports;
}

static void test_text(void **state)
{
	const struct text *text = *state;
	struct reports *reports = parse(text->text, strlen(text->text));
	char *out = NULL;
	size_t n;
	FILE *file = open_memstream(&out, &n);

	for (size_t i = 0; i < reports->count; i++) {
		print_report(file, &reports->list[i]);
		assert_true(reports->list[i].kind_known);
	}
	fclose(file);
	assert_string_equal(out, text->expected);
	free(out);
	reports_free(reports);
}

static void test_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t n = 0; n < strlen(texts[i].text); n++)
			reports_free(parse(texts[i].text, n));
}

// What a form's pattern looks for, without an end: one line of megabytes stays linear.
static void test_long_line(void **state)
{
	enum {
		MEGABYTES = 16 << 20
	};
	char *text = malloc(MEGABYTES);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length = strlen(texts[i].text);

		// All of it in one line, then its first line again and again.
		for (size_t j = 0; j < MEGABYTES; j++)
			text[j] = texts[i].text[j % length] == '\n' ? ' ' :
								      texts[i].text[j % length];
		reports_free(parse(text, MEGABYTES / (i % 8 ? 16 : 1)));
	}
	free(text);
}

int main(void)
{
	enum {
		TEXTS = sizeof(texts) / sizeof(texts[0])
	};
	static struct CMUnitTest tests[TEXTS + 2] = { cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_long_line) };

	for (size_t i = 0; i < TEXTS; i++)
		tests[i + 2] = (struct CMUnitTest){ texts[i].name, test_text, NULL, NULL,
			(void *)&texts[i] };
	return cmocka_run_group_tests_name("report_speaker", tests, NULL, NULL);
}
