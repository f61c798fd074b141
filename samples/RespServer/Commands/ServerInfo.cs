using System.Globalization;
using System.Text;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>INFO: Redis's sections as far as clients look at them, and two about holds and the pool.</summary>
internal static class ServerInfo
{
    private static readonly (string Name, Func<RespServer, IEnumerable<(string Name, object Value)>> Describe)[] s_sections =
    [
        ("Server", static server =>
        [
            ("redis_version", Encoding.ASCII.GetString(ServerCommands.RedisVersion)),
            ("redis_mode", "standalone"),
            ("process_id", Environment.ProcessId),
            ("tcp_port", server.EndPoint.Port),
            ("uptime_in_seconds", (long)TimeProvider.System.GetElapsedTime(server.StartedAt).TotalSeconds),
        ]),
        ("Clients", static server =>
        [
            ("connected_clients", server.Connections.Count),
            ("maxclients", server.Options.MaxClients),
        ]),
        ("Memory", MemoryInfo.Describe),
        ("Stats", static server =>
        [
            ("total_connections_received", server.Counters.Accepted),
            ("total_commands_processed", server.Counters.Commands),
            ("total_net_output_bytes", server.Counters.SentBytes),
            ("rejected_connections", server.Counters.Rejected),
            ("dropped_connections", server.Counters.Dropped),
            ("protocol_errors", server.Counters.ProtocolErrors),
        ]),
        ("Holds", HoldsInfo.Describe),
        ("Pool", PoolInfo.Describe),
        ("Replication", static server => [("role", "master"), ("connected_slaves", 0)]),
        ("Keyspace", static server => server.Keyspace.Count == 0
            ? []
            : [("db0", $"keys={server.Keyspace.Count},expires={server.Keyspace.ExpiringCount},avg_ttl=0")]),
    ];

    public static void Reply(CommandContext context)
    {
        var text = new StringBuilder();
        foreach ((string name, Func<RespServer, IEnumerable<(string Name, object Value)>> describe) in s_sections)
        {
            if (IsAsked(context, name))
            {
                text.Append(text.Length == 0 ? "" : "\r\n").Append("# ").Append(name).Append("\r\n");
                foreach ((string field, object value) in describe(context.Server))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{field}:{value}\r\n");
                }
            }
        }

        context.Reply.Bulk(text.ToString());
    }

    private static bool IsAsked(CommandContext context, string name)
    {
        bool asked = context.Count == 1;
        for (int i = 1; i < context.Count; i++)
        {
            string section = context.Text(i);
            asked |= section.Equals(name, StringComparison.OrdinalIgnoreCase)
                || section.ToUpperInvariant() is "ALL" or "DEFAULT" or "EVERYTHING";
        }

        return asked;
    }
}
