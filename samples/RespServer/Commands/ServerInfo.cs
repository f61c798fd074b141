using System.Globalization;
using System.Text;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>INFO: Redis's sections as far as clients look at them, and one about holds.</summary>
internal static class ServerInfo
{
    public static void Reply(CommandContext context)
    {
        RespServer server = context.Server;
        var text = new StringBuilder();
        Section(context, text, "Server", [
            ("redis_version", Encoding.ASCII.GetString(ServerCommands.RedisVersion)),
            ("redis_mode", "standalone"),
            ("process_id", Environment.ProcessId),
            ("tcp_port", server.EndPoint.Port),
            ("uptime_in_seconds", (long)TimeProvider.System.GetElapsedTime(server.StartedAt).TotalSeconds)]);
        Section(context, text, "Clients", [
            ("connected_clients", server.Connections.Count),
            ("maxclients", server.Options.MaxClients)]);
        Section(context, text, "Memory", [
            ("used_memory", server.Budget.Used),
            ("used_memory_native", server.Budget.NativeBytes),
            ("maxmemory", server.Budget.Limit),
            ("maxmemory_policy", "noeviction")]);
        Section(context, text, "Stats", [
            ("total_connections_received", server.Counters.Accepted),
            ("total_commands_processed", server.Counters.Commands),
            ("total_net_output_bytes", server.Counters.SentBytes),
            ("rejected_connections", server.Counters.Rejected),
            ("dropped_connections", server.Counters.Dropped),
            ("protocol_errors", server.Counters.ProtocolErrors)]);
        Section(context, text, "Holds", [
            ("read_holds", server.StorageCounters.ReadHolds),
            ("exclusive_holds", server.StorageCounters.ExclusiveHolds),
            ("immutable_leases", server.StorageCounters.ImmutableLeases),
            ("live_pins", server.StorageCounters.LivePins),
            ("writes_in_place", server.StorageCounters.WritesInPlace),
            ("conflicts_copied", server.StorageCounters.ConflictsCopied),
            ("versions_outlived", server.StorageCounters.VersionsOutlived),
            ("refused_by_memory", server.Budget.Refused)]);
        Section(context, text, "Replication", [("role", "master"), ("connected_slaves", 0)]);
        Section(context, text, "Keyspace", server.Keyspace.Count == 0
            ? []
            : [("db0", $"keys={server.Keyspace.Count},expires={server.Keyspace.ExpiringCount},avg_ttl=0")]);
        context.Reply.Bulk(text.ToString());
    }

    private static void Section(CommandContext context, StringBuilder text, string name, ReadOnlySpan<(string Name, object Value)> fields)
    {
        bool asked = context.Count == 1;
        for (int i = 1; i < context.Count; i++)
        {
            string section = context.Text(i);
            asked |= section.Equals(name, StringComparison.OrdinalIgnoreCase)
                || section.ToUpperInvariant() is "ALL" or "DEFAULT" or "EVERYTHING";
        }

        if (!asked)
        {
            return;
        }

        text.Append(text.Length == 0 ? "" : "\r\n").Append("# ").Append(name).Append("\r\n");
        foreach ((string field, object value) in fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{field}:{value}\r\n");
        }
    }
}
