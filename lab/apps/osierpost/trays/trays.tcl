# tray controller: one event loop for the page of health and for the trays
proc say {what} { puts "[clock format [clock seconds] -gmt 1 -format {%Y-%m-%d %H:%M:%S}] trays  $what"; flush stdout }
set pipe /tmp/tray3
set jobs 0

proc health {c host port} {
    fconfigure $c -blocking 0 -translation crlf
    fileevent $c readable [list answer $c]
}
proc answer {c} {
    if {[gets $c line] < 0 && ![eof $c]} return
    catch { puts $c "HTTP/1.0 200 OK\nContent-Type: text/plain\n\njobs $::jobs"; close $c }
}
proc job {n} {
    incr ::jobs
    set tray [expr {$n % 4}]
    say "job [expr {117 + $n}] -> tray $tray, 36 items"
    if {$tray == 3 && $n > 6} {
        say "job [expr {117 + $n}]: tray 3 pulled out, waiting for it to come back"
        set f [open $::pipe r]
        gets $f; close $f
        say "tray 3 is back"
    }
    after 2000 [list job [expr {$n + 1}]]
}
say "tray controller 1.4 with Tcl [info patchlevel]"
say "tray 1: sensor dirty, readings smoothed"
exec mkfifo $pipe
socket -server health 8080
say "health on 8080"
after 500 job 1
vwait forever
