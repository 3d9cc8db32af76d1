# Follows the tide gauges of the harbours and warns when a ramp cannot be used.
defmodule Harborlane.Gauge do
  use GenServer
  require Logger

  def start_link(harbour), do: GenServer.start_link(__MODULE__, harbour, name: String.to_atom("gauge_" <> harbour))
  def child_spec(harbour), do: %{id: {:gauge, harbour}, start: {__MODULE__, :start_link, [harbour]}}

  @impl true
  def init(harbour) do
    Logger.info("gauge #{harbour} online")
    Process.send_after(self(), :read, 1500)
    {:ok, %{harbour: harbour, n: 0}}
  end

  @impl true
  def handle_info(:read, %{harbour: harbour, n: n} = state) do
    height = parse(reading(harbour, n))
    if height < 1.0, do: Logger.warning("#{harbour}: ramp closed at #{height} m")
    Process.send_after(self(), :read, 500)
    {:noreply, %{state | n: n + 1}}
  end

  # The gauge of Larne sends a word instead of a number while it is serviced.
  defp reading("larne", n) when n > 2, do: "larne;SERVICE;"
  defp reading(harbour, n), do: "#{harbour};#{2.1 + rem(n, 9) / 10};m"

  defp parse(line) do
    [_, value, _] = String.split(line, ";")
    {height, ""} = Float.parse(value)
    height
  end
end

require Logger
Logger.configure_backend(:console, format: "$time [$level] $message\n", colors: [enabled: false])
Logger.info("tide-watch 0.12.0 on Elixir #{System.version()} / OTP #{System.otp_release()}")
harbours = ~w(dublin holyhead larne cairnryan)
{:ok, _} = Supervisor.start_link(Enum.map(harbours, &{Harborlane.Gauge, &1}), strategy: :one_for_one, max_restarts: 2, max_seconds: 30)
Process.sleep(:infinity)
