namespace FastBuffers.Samples.Resp.Commands;

/// <summary>One command: its name in lower case, its arity as Redis counts it (negative: at least so many), and what runs it.</summary>
internal sealed record Command(string Name, int Arity, Action<CommandContext> Run)
{
    /// <summary>Allowed to a client that listens to channels.</summary>
    public bool WhileSubscribed { get; init; }

    /// <summary>What the COMMAND command says of it.</summary>
    public string Flag { get; init; } = "fast";

    /// <summary>Position of the first key, of the last (negative: from the end), and from one key to the next; 0 without keys.</summary>
    public (int First, int Last, int Step) Keys { get; init; }

    public bool AcceptsCount(int arguments) => Arity >= 0 ? arguments == Arity : arguments >= -Arity;
}
