# hub console: shows the state of the sorting belts to the shift leader
proc say {what} { puts "[clock format [clock seconds] -gmt 1 -format {%H:%M:%S}] console: $what"; flush stdout }

proc belts {n} {
    say "belt table: $n belts, 2 in reserve"
    for {set i 1} {$i <= $n} {incr i} { lappend all [list belt $i speed [expr {40 + $i}]] }
    return $all
}

proc colours {} {
    if {[catch {open /etc/console/colours.tcl} f]} {
        say "couldn't open \"/etc/console/colours.tcl\": using the colours of the house"
        return house
    }
    close $f
    return own
}

proc page {hub belts} { return "<h1>$hub</h1>[llength $belts] belts" }

proc serve {port belts} {
    set hub $::env(SORT_HUB)
    say "pages for hub $hub on port $port"
    socket -server [list apply {{hub belts c host port} {
        puts $c "HTTP/1.0 200 OK\r\n\r\n[page $hub $belts]"; close $c
    }} $hub $belts] $port
}

say "Tcl [info patchlevel], console 3.9"
set scheme [colours]
set belts [belts 14]
serve [expr {[info exists ::env(PORT)] ? $::env(PORT) : 8080}] $belts
vwait forever
