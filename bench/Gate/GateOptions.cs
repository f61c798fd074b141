using System.Globalization;
using FastBuffers.Bench.Memory;

namespace FastBuffers.Bench.Gate;

/// <summary>The arguments of <c>gate</c>.</summary>
internal sealed record GateOptions(
    IReadOnlyList<Target> Targets, IReadOnlyList<MemoryRow> MemoryRows, bool List, bool Smoke, bool SelfTest, Sampling Sampling)
{
    /// <exception cref="ArgumentException">An argument is bad; the message names it and the rule.</exception>
    public static GateOptions Parse(string[] args, IReadOnlyList<Target> known, IReadOnlyList<MemoryRow> knownMemory)
    {
        bool list = false, smoke = false, selfTest = false;
        int? rounds = null;
        string[]? only = null;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--list":
                    list = true;
                    break;
                case "--smoke":
                    smoke = true;
                    break;
                case "--self-test":
                    selfTest = true;
                    break;
                case "--rounds":
                    rounds = ParseRounds(Value(args, ref i));
                    break;
                case "--only":
                    only = Value(args, ref i).Split(',', StringSplitOptions.TrimEntries);
                    break;
                default:
                    throw new ArgumentException(
                        $"'{args[i]}' is no option of gate: it must be --list, --only, --smoke, --rounds or --self-test.");
            }
        }

        if (selfTest && only is not null)
        {
            throw new ArgumentException("--self-test measures planted rows only: it cannot be combined with --only.");
        }

        IReadOnlyList<MemoryRow> memory = smoke ? [] : knownMemory;
        if (smoke && only is null)
        {
            known = [.. known.Where(target => !Gate.Targets.NotReached.Contains(target.Id))];
        }

        if (only is not null)
        {
            Check(only, [.. known.Select(target => target.Id), .. memory.Select(row => row.Id)]);
            known = [.. known.Where(target => only.Any(name => Matches(target.Id, name)))];
            memory = [.. memory.Where(row => only.Any(name => Matches(row.Id, name)))];
        }

        Sampling sampling = smoke ? Sampling.Smoke : Sampling.Full;
        return new GateOptions(known, memory, list, smoke, selfTest, sampling with { Rounds = rounds ?? sampling.Rounds });
    }

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} must be followed by a value.");

    private static int ParseRounds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds)
        && rounds is >= Sampling.MinRounds and <= Sampling.MaxRounds
            ? rounds
            : throw new ArgumentException(
                $"--rounds '{text}': it must be a whole number from {Sampling.MinRounds} to {Sampling.MaxRounds}.");

    private static void Check(string[] names, string[] ids)
    {
        foreach (string name in names)
        {
            if (!ids.Any(id => Matches(id, name)))
            {
                string groups = string.Join(", ", ids.Select(Target.GroupOf).Distinct());
                throw new ArgumentException($"--only '{name}': it must be a group ({groups}) or an id that --list prints.");
            }
        }
    }

    private static bool Matches(string id, string name) =>
        string.Equals(id, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(Target.GroupOf(id), name, StringComparison.OrdinalIgnoreCase);
}
