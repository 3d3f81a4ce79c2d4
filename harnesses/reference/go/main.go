// SPDX-License-Identifier: Apache-2.0

// Command reference carries out one act in real Go. The dialogue on its standard input and output is
// that of harnesses/idioms/operation.h; what Go, its runtime, libc or AddressSanitizer have to say ends the process
// in their own words. In reading order:
//
//	main.go          one process, one act
//	dialogue.go      the lines read and written
//	stage.go         what surrounds the object, by region: stage_heap.go, stage_stack.go, ...
//	classes.go       a class's act: a function each, with the FAULT lines
//	reach.go         the constructs of package unsafe that reach memory
//	length.go        slices and blocks of a bad length
//	block.go         blocks that the act itself allocates and frees
//	local.go         locals that outlive their frame
//	foreign.go       C's memory
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// One process, one act: what is here needs no allocation when it is used, after the last collection.
var (
	theStage stage
	theAct   act
)

func init() {
	runtime.LockOSThread() // C's malloc gives each thread an arena of its own
}

func main() {
	if len(os.Args) > 1 {
		os.Stdout.WriteString(runtime.Version() + "\n")
		return
	}
	warmUp()
	runtime.GOMAXPROCS(1) // else it varies which span serves an allocation
	debug.SetGCPercent(-1)
	readStage(&theStage)
	zonesBuild()
	switch theStage.region {
	case "heap":
		onHeap(perform)
	case "stack":
		onStack(perform)
	case "global":
		onGlobal(perform)
	case "arena":
		onArena(perform)
	case "foreign":
		onForeign(perform)
	default:
		fail(exitUsage, "no such region")
	}
}

// warmUp makes threads for the runtime to use later. A thread that is made after a collection has a signal
// stack of 32 KiB, which could come out of the very span that was freed (runtime/os_linux.go, mpreinit).
func warmUp() {
	const threads = 4
	var started, ended sync.WaitGroup
	release := make(chan struct{})
	for range threads {
		started.Add(1)
		ended.Add(1)
		go func() {
			runtime.LockOSThread()
			started.Done()
			<-release
			runtime.UnlockOSThread()
			ended.Done()
		}()
	}
	started.Wait()
	close(release)
	ended.Wait()
	runtime.GC()
}

// perform is called with the stage in place, and does not return: a plan may have overwritten the frames
// that it would return through.
func perform() {
	writeStage(&theStage)
	readAct(&theAct)
	carryOut(&theAct)
	foreignLastChance(&theAct)
	finish("done\n")
}
