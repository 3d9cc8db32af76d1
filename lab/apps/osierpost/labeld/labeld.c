/* labeld: takes batches of parcels from the spool and spreads them over the label printers */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct printer { const char *name; int rolls; int online; };

static struct printer printers[] = {
	{ "zt-1", 3, 1 }, { "zt-2", 2, 1 }, { "zt-3", 4, 1 }, { "zt-4", 1, 1 },
};
#define N (int)(sizeof printers / sizeof printers[0])

static void say(const char *what, int a, int b)
{
	char at[32];
	time_t now = time(NULL);
	strftime(at, sizeof at, "%b %d %H:%M:%S", gmtime(&now));
	printf("%s labeld[%d]: ", at, (int)getpid());
	printf(what, a, b);
	putchar('\n');
	fflush(stdout);
}

static int online(void)
{
	int n = 0;
	for (int i = 0; i < N; i++)
		n += printers[i].online;
	return n;
}

/* how many labels each printer gets */
static int share(int labels)
{
	int n = online();
	return (labels + n - 1) / n;
}

int main(int argc, char **argv)
{
	const char *keep = getenv("LABELD_MIN_ROLLS");
	int min = keep ? atoi(keep) : 0;

	say("labeld 2.2.0, %d printers, spool /spool/%d", N, 14);
	say("warning: cannot raise priority (%d), printing goes on at nice %d", 13, 0);
	for (int i = 0; i < N; i++)
		say("printer %d answers, %d rolls left", i + 1, printers[i].rolls);
	for (int batch = 118; ; batch++) {
		int labels = 40 + batch % 7;
		say("batch %d: %d labels", batch, labels);
		for (int i = 0; i < N; i++)
			if (printers[i].online && printers[i].rolls <= min) {
				printers[i].online = 0;
				say("printer %d set aside, low on rolls (%d)", i + 1, printers[i].rolls);
			}
		int each = share(labels);
		say("batch %d: %d labels each", batch, each);
		for (int i = 0; i < N; i++)
			if (printers[i].online && batch % 2)
				printers[i].rolls--;
		sleep(2);
	}
	return 0;
}
