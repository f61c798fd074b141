using System.Globalization;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// What one thread does: what it holds at the start, its calls, and then the release of whatever it holds. Holds have numbers: what is held
/// at the start from <see cref="Held"/> on, what is made from <see cref="Made"/> on.
/// </summary>
/// <param name="Text">The name.</param>
/// <param name="Starts">The holds of the start.</param>
/// <param name="Calls">The calls, with the thread's own numbers of holds.</param>
internal sealed record RangeProgram(string Text, ModelHold[] Starts, params TrackerCall[] Calls)
{
    /// <summary>The length of the domain.</summary>
    public const int Length = 16;

    /// <summary>The number of holds that a thread can have.</summary>
    public const int Holds = 4;

    /// <summary>The first hold of the start.</summary>
    public const int Held = 0;

    /// <summary>The first hold that is made.</summary>
    public const int Made = 2;

    /// <summary>Whether the holds taken at the start or by the calls are scoped ones.</summary>
    public bool IsScoped { get; init; }

    /// <summary>Whether the first hold of the start is released a second time.</summary>
    public bool ReleasesTwice { get; init; }

    /// <summary>The thread whose holds of the start the calls work on instead, with copies of their tokens; or -1.</summary>
    public int OfThread { get; init; } = -1;

    /// <summary>Whether it retires the domain.</summary>
    public bool Retires => Calls.Any(call => call.Kind == CallKind.Retire);

    /// <summary>Whether it works on more than the word and the table under its lock, and so has many steps that others can see.</summary>
    public bool IsLong => Calls.Any(call => call.Kind is CallKind.Retire or CallKind.Free or CallKind.Freeze or CallKind.BeginResize or CallKind.Share or CallKind.Split
        || (call.IsPart && call.Start == call.End));

    public static RangeProgram Take(HoldKind kind, int start = 0, int end = Length) =>
        new($"take {Name(kind, start, end)}", [], TakeCall(kind, start, end));

    /// <summary>Takes all bytes as a part of that length.</summary>
    public static RangeProgram TakeSlice(HoldKind kind) =>
        new($"take {kind} slice of all", [], TakeCall(kind, 0, Length) with { IsPart = true });

    public static RangeProgram Release(HoldKind kind, int start = 0, int end = Length) => new($"release {Name(kind, start, end)}", [Part(kind, start, end)]);

    public static RangeProgram Upgrade(HoldKind kind, int start, int end, HoldKind to) => Change(CallKind.Upgrade, kind, start, end, to);

    public static RangeProgram Downgrade(HoldKind kind, int start, int end, HoldKind to) => Change(CallKind.Downgrade, kind, start, end, to);

    public static RangeProgram FreezeHeld() => Change(CallKind.FreezeHeld, HoldKind.Exclusive, 0, Length, HoldKind.Immutable);

    public static RangeProgram Share(HoldKind kind, int start, int end, HoldKind share, int from, int to) => new(
        $"{Name(kind, start, end)}: share {Name(share, from, to)}",
        [Part(kind, start, end)],
        new TrackerCall(CallKind.Share, share, Held, Made) { IsPart = true, Start = from, End = to, Base = start });

    public static RangeProgram Split(int start, int end, int at) => new(
        $"{Name(HoldKind.Exclusive, start, end)}: split at {at}",
        [Part(HoldKind.Exclusive, start, end)],
        new TrackerCall(CallKind.Split, HoldKind.Exclusive, Held, Made) { Other = Made + 1, Start = at, Base = start });

    public static RangeProgram Join(int start, int at, int end) => new(
        $"{Name(HoldKind.Exclusive, start, at)} and {Name(HoldKind.Exclusive, at, end)}: join",
        [Part(HoldKind.Exclusive, start, at), Part(HoldKind.Exclusive, at, end)],
        new TrackerCall(CallKind.Join, HoldKind.Exclusive, Held, Made) { Other = Held + 1 });

    public static RangeProgram Use(int start, int end) => new(
        $"{Name(HoldKind.Exclusive, start, end)}: use",
        [Part(HoldKind.Exclusive, start, end)],
        new TrackerCall(CallKind.Use, HoldKind.Exclusive, Held, Made));

    /// <summary>Appends: publishes so many bytes in one call each, then seals.</summary>
    public static RangeProgram Append(params int[] counts) => new(
        $"append {string.Join("+", counts)}",
        [],
        [new TrackerCall(CallKind.Append, HoldKind.Exclusive, Held, Held), .. counts.Select(PublishCall)]);

    /// <summary>The same by an appender that is there at the start, and has published so many bytes.</summary>
    public static RangeProgram Publish(int published, params int[] counts) => new(
        $"appender at {published}: publish {string.Join("+", counts)}",
        [new ModelHold(HoldKind.Exclusive, (byte)published, Length, Appends: true)],
        [.. counts.Select(PublishCall)]);

    public static RangeProgram Plain(CallKind kind) => new($"{kind}", [], new TrackerCall(kind, HoldKind.None, Held, Held));

    public static RangeProgram Resize(int length) => new(
        string.Create(CultureInfo.InvariantCulture, $"resize to {length}"), [], new TrackerCall(CallKind.BeginResize, HoldKind.Exclusive, Held, Held, length));

    /// <summary>The same with scoped holds.</summary>
    public RangeProgram Scoped() => this with { Text = $"scoped {Text}", IsScoped = true };

    /// <summary>The same, and its first release once more.</summary>
    public RangeProgram Twice() => this with { Text = $"{Text} twice", ReleasesTwice = true };

    /// <summary>The same with a Read hold that comes first and takes the place in the word, so that the hold of the program has a ticket.</summary>
    public RangeProgram Ticketed() => this with
    {
        Text = $"ticketed {Text}",
        Starts = [Part(HoldKind.Read, 0, Length), .. Starts],
        Calls = [.. Calls.Select(call => call with { Hold = call.Hold + 1, Result = call.Result == call.Hold ? call.Result + 1 : call.Result })],
    };

    /// <summary>The calls without the holds of the start, on copies of another thread's; without calls its release.</summary>
    public RangeProgram Of(int thread) => this with
    {
        Text = $"({Text}) of T{thread}",
        Starts = [],
        OfThread = thread,
        Calls = Calls.Length == 0 ? [new TrackerCall(CallKind.Release, HoldKind.None, Held, Held) { IsCopy = true }] : [.. Calls.Select(OnCopy)],
    };

    /// <summary>The program and then, when its thread has nothing left of it, another one that holds nothing at the start.</summary>
    public RangeProgram Then(RangeProgram next) => new(
        $"{Text}, then {next.Text}",
        Starts,
        [.. Calls, .. Starts.Index().Select(start => new TrackerCall(CallKind.Release, HoldKind.None, start.Index, start.Index)), .. next.Calls])
    {
        IsScoped = IsScoped,
    };

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static RangeProgram Change(CallKind change, HoldKind kind, int start, int end, HoldKind to) => new(
        $"{Name(kind, start, end)}: {change} to {to}", [Part(kind, start, end)], new TrackerCall(change, to, Held, Held));

    // What was made from a copy is the maker's.
    private static TrackerCall OnCopy(TrackerCall call) =>
        call with { IsCopy = true, Result = call.Result == call.Hold && call.Ends || call.IsConversion ? Math.Max(call.Result, Made) : call.Result };

    private static TrackerCall TakeCall(HoldKind kind, int start, int end) =>
        new(CallKind.Take, kind, Made, Made) { IsPart = start != 0 || end != Length, Start = start, End = end };

    private static TrackerCall PublishCall(int count) => new(CallKind.Publish, HoldKind.None, Held, Held, count);

    private static ModelHold Part(HoldKind kind, int start, int end) => new(kind, (byte)start, (byte)end);

    private static string Name(HoldKind kind, int start, int end) =>
        start == 0 && end == Length ? $"{kind}" : string.Create(CultureInfo.InvariantCulture, $"{kind}[{start},{end})");
}
