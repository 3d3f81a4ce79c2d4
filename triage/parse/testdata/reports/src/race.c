// SPDX-License-Identifier: Apache-2.0
// Thread errors, chosen by argv[1]: the programs behind the tsan goldens.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static int shared;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

static void *writer(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

static void data_race(void)
{
	pthread_t thread;
	int *heap = malloc(sizeof(*heap));

	pthread_create(&thread, NULL, writer, heap);
	*heap = 2;
	pthread_join(thread, NULL);
	shared = *heap;
	free(heap);
}

static void thread_leak(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, writer, &shared);
}

static void lock_order(void)
{
	pthread_mutex_lock(&first);
	pthread_mutex_lock(&second);
	pthread_mutex_unlock(&second);
	pthread_mutex_unlock(&first);
	pthread_mutex_lock(&second);
	pthread_mutex_lock(&first);
	pthread_mutex_unlock(&first);
	pthread_mutex_unlock(&second);
}

static void after_free(void)
{
	int *volatile heap = malloc(sizeof(*heap));

	free(heap);
	*heap = 1;
}

static void null_write(void)
{
	int *volatile p = NULL;

	*p = 1;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "data_race") == 0)
		data_race();
	else if (strcmp(name, "thread_leak") == 0)
		thread_leak();
	else if (strcmp(name, "lock_order") == 0)
		lock_order();
	else if (strcmp(name, "after_free") == 0)
		after_free();
	else if (strcmp(name, "null_write") == 0)
		null_write();
	return 0;
}
