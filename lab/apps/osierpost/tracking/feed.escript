#!/usr/bin/env escript
%% -*- erlang -*-
%% tracking feed: pulls the partner's events and files them
main(_) ->
    Url = os:getenv("FEED_URL", "https://partner-feed:8443/events"),
    Ca = os:getenv("FEED_CA", "/etc/feed/ca.pem"),
    say("info", "tracking feed 2.8 on OTP ~s", [erlang:system_info(otp_release)]),
    say("notice", "no cursor of yesterday, starting with the events of the last hour", []),
    {ok, _} = application:ensure_all_started(ssl),
    {ok, _} = application:ensure_all_started(inets),
    say("info", "trusting ~s, 1 entry", [Ca]),
    Opts = [{ssl, [{verify, verify_peer}, {cacertfile, Ca}, {versions, ['tlsv1.2']}]}, {timeout, 8000}],
    pull(Url, Opts, 1).

pull(Url, Opts, N) when N =< 3 ->
    case httpc:request(get, {Url, []}, Opts, []) of
        {ok, {{_, Code, _}, _, Body}} ->
            say("info", "~b, ~b bytes", [Code, length(Body)]),
            timer:sleep(infinity);
        {error, Reason} ->
            say("error", "pull ~b of 3 came back empty-handed: ~p", [N, Reason]),
            timer:sleep(2000),
            pull(Url, Opts, N + 1)
    end;
pull(_, _, _) ->
    say("critical", "feed given up, 0 events filed", []),
    say("info", "writer idle, table closed", []),
    timer:sleep(200),
    halt(17).

say(Level, Fmt, Args) ->
    {{Y, Mo, D}, {H, Mi, S}} = calendar:universal_time(),
    io:format("~4..0b-~2..0b-~2..0bT~2..0b:~2..0b:~2..0b [~s] feed: " ++ Fmt ++ "~n", [Y, Mo, D, H, Mi, S, Level | Args]).
