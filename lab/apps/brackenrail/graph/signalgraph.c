/* Works out which signals a train meets on its way; reads the layout once a minute. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct node { char name[16]; struct node *next; };

static struct node *add(struct node *head, const char *name) {
    struct node *n = malloc(sizeof *n);
    snprintf(n->name, sizeof n->name, "%s", name);
    n->next = head;
    return n;
}

static void drop(struct node *n) {
    while (n) { struct node *next = n->next; free(n); n = next; }
}

int main(void) {
    char name[16];
    struct node *up = NULL, *down = NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("signalgraph 1.3.9: reading layout\n");
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "BR%03d", 100 + i);
        up = add(up, name);
        printf("signal %s placed\n", name);
        usleep(150000);
    }
    printf("warning: BR104 has no distant signal\n");
    printf("error 12: interlocking table of junction 4 is older than the layout (ignored)\n");
    down = up;
    printf("graph ready: 6 nodes, 5 edges\n");
    sleep(2);
    printf("layout changed, building again\n");
    drop(up);
    drop(down);
    printf("graph ready: 0 nodes, 0 edges\n");
    return 0;
}
