using System.Collections.Frozen;

namespace FastBuffers.Samples.Resp.Commands;

/// <summary>All commands, found by the name as it came over the wire.</summary>
internal static class CommandTable
{
    private const int MaxNameLength = 32;

    private static readonly FrozenDictionary<string, Command> s_commands = new[]
    {
        ConnectionCommands.All, ClientCommands.All, ServerCommands.All, KeyCommands.All,
        StringCommands.All, SetCommand.All, RangeCommands.All, CounterCommands.All, PubSubCommands.All,
    }.SelectMany(static family => family).ToFrozenDictionary(static command => command.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Command>.AlternateLookup<ReadOnlySpan<char>> s_byName =
        s_commands.GetAlternateLookup<ReadOnlySpan<char>>();

    public static IReadOnlyList<Command> All => s_commands.Values;

    public static Command? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxNameLength)
        {
            return null;
        }

        Span<char> characters = stackalloc char[MaxNameLength];
        for (int i = 0; i < name.Length; i++)
        {
            characters[i] = (char)name[i];
        }

        return s_byName.TryGetValue(characters[..name.Length], out Command? command) ? command : null;
    }
}
