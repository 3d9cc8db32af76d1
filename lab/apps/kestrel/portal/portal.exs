# Patient portal: signs sessions, renders pages.
require Logger
Logger.configure_backend(:console, format: "$time [$level] $metadata$message\n", metadata: [:application])

defmodule Portal.Settings do
  def optional(name, default) do
    case System.get_env(name) do
      nil ->
        Logger.warning("#{name} is not set, using #{inspect(default)}")
        default

      value ->
        value
    end
  end
end

defmodule Portal.Assets do
  use Agent
  def start_link(_), do: Agent.start_link(fn -> Portal.Settings.optional("ASSET_HOST", "/static") end, name: __MODULE__)
end

defmodule Portal.Mailer do
  use Agent

  def start_link(_) do
    Agent.start_link(
      fn ->
        Logger.error("SMTP_RELAY is not set, letters are kept in the outbox")
        Portal.Settings.optional("SMTP_SENDER", "portal@kestrel.example")
      end,
      name: __MODULE__
    )
  end
end

defmodule Portal.Sessions do
  use GenServer
  def start_link(_), do: GenServer.start_link(__MODULE__, nil, name: __MODULE__)

  @impl true
  def init(_) do
    salt = System.fetch_env!("PORTAL_SIGNING_SALT")
    {:ok, %{salt: salt, open: %{}}}
  end
end

defmodule Portal.Endpoint do
  use Agent
  def start_link(_), do: Agent.start_link(fn -> Logger.info("portal listens on 4000") end, name: __MODULE__)
end

Logger.info("portal 2.16.0, Elixir #{System.version()}, OTP #{System.otp_release()}")
Supervisor.start_link([Portal.Assets, Portal.Mailer, Portal.Sessions, Portal.Endpoint], strategy: :one_for_one, name: Portal.Supervisor)
Process.sleep(:infinity)
