/* scaled: reads the depot scales and hands their weights on; reports to syslog like its elders */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static int poll_scale(int n)
{
	syslog(LOG_INFO, "scale %d polled", n);
	return n * 17 % 5;
}

static int commit(int round)
{
	syslog(LOG_DEBUG, "round %d committed", round);
	return round < 3;
}

int main(void)
{
	openlog("scaled", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	puts("scaled 5.4 (build 2217) starting, 3 scales configured");
	puts("scaled: scale 2: first answer late (412 ms), will use long timeouts");
	puts("scaled: clock of scale 3 is 94 s behind, corrected");
	puts("scaled: going to syslog for the rest, facility daemon");
	fflush(stdout);
	for (int round = 1; ; round++) {
		for (int n = 1; n <= 3; n++)
			poll_scale(n);
		if (!commit(round)) {
			syslog(LOG_CRIT, "ledger rejected round %d", round);
			_exit(EXIT_FAILURE);
		}
		sleep(3);
	}
}
