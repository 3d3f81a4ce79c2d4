/* SPDX-License-Identifier: Apache-2.0
 * Handlers for SIGINT, SIGTERM and SIGHUP. */
#include "interrupts.h"

#include <stdlib.h>
#include <sys/prctl.h>

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
#define NUMBERS (sizeof(numbers) / sizeof(*numbers))

static volatile sig_atomic_t count, *told;
static int forgiven;
static struct sigaction before[NUMBERS];
static bool caught;

static void on_interrupt(int number)
{
	(void)number;
	count++;
	if (told != NULL)
		*told = 1;
}

void interrupts_catch(void)
{
	const struct sigaction action = { .sa_handler = on_interrupt };

	for (size_t i = 0; i < NUMBERS; i++)
		sigaction(numbers[i], &action, caught ? NULL : &before[i]);
	if (!caught && getenv("MAKELEVEL") != NULL)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	caught = true;
	interrupts_forgive();
}

void interrupts_release(void)
{
	for (size_t i = 0; i < NUMBERS && caught; i++)
		sigaction(numbers[i], &before[i], NULL);
	caught = false;
}

void interrupts_forgive(void)
{
	forgiven = count;
}

bool interrupts_came(void)
{
	return count > forgiven;
}

bool interrupts_ever(void)
{
	return count > 0;
}

void interrupts_by_parent(volatile sig_atomic_t *stop)
{
	told = stop;
	for (size_t i = 0; i < NUMBERS; i++)
		sigaction(numbers[i],
			&(struct sigaction){
				.sa_handler = numbers[i] == SIGTERM ? on_interrupt : SIG_IGN },
			NULL);
}

void interrupts_ignore_pipes(void)
{
	signal(SIGPIPE, SIG_IGN);
}
