defmodule Tarnbrook.Mailer.Queue do
  use GenServer
  require Logger

  def start_link(opts), do: GenServer.start_link(__MODULE__, opts, name: __MODULE__)

  @impl true
  def init(opts) do
    Logger.info("mailer queue started shard=#{opts[:shard]} batch=50")
    Process.send_after(self(), :flush, 400)
    {:ok, %{shard: opts[:shard], sent: 0}}
  end

  @impl true
  def handle_info(:flush, state) do
    letters = for n <- 1..3, do: %{id: 48_100 + n, template: "premium-reminder", locale: "nl"}
    Logger.debug("flushing #{length(letters)} letters")
    body = Tarnbrook.Mailer.Wire.encode(letters)
    Process.send_after(self(), :flush, 400)
    {:noreply, %{state | sent: state.sent + byte_size(body)}}
  end
end

defmodule Tarnbrook.Mailer.Wire do
  def encode(letters) do
    Jason.encode!(%{version: 2, letters: letters})
  end
end

defmodule Tarnbrook.Mailer.Bounces do
  use GenServer
  require Logger
  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)
  @impl true
  def init(_) do
    Logger.warn("bounce mailbox not configured, bounces will be counted only")
    Process.send_after(self(), :poll, 300)
    {:ok, 0}
  end
  @impl true
  def handle_info(:poll, n) do
    Logger.error("could not read bounce statistics: {:error, :enoent}, using zero")
    Process.send_after(self(), :poll, 600)
    {:noreply, n + 1}
  end
end

require Logger
Logger.info("Running Tarnbrook.Mailer 1.17.2 on Erlang/OTP #{System.otp_release()}, Elixir #{System.version()}")
{:ok, _} =
  Supervisor.start_link(
    [Tarnbrook.Mailer.Bounces, {Tarnbrook.Mailer.Queue, shard: System.get_env("SHARD", "0")}],
    strategy: :rest_for_one, name: Tarnbrook.Mailer.Supervisor, max_restarts: 3, max_seconds: 30)
Process.sleep(:infinity)
