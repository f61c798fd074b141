using System.Globalization;

namespace FastBuffers.Bench.Gate;

/// <summary>The arguments of <c>gate</c>.</summary>
internal sealed record GateOptions(IReadOnlyList<Target> Targets, bool List, bool Smoke, bool SelfTest, Sampling Sampling)
{
    /// <exception cref="ArgumentException">An argument is bad; the message names it and the rule.</exception>
    public static GateOptions Parse(string[] args, IReadOnlyList<Target> known)
    {
        bool list = false, smoke = false, selfTest = false;
        int? rounds = null;
        IReadOnlyList<Target> targets = known;
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
                    targets = Select(Value(args, ref i), known);
                    break;
                default:
                    throw new ArgumentException(
                        $"'{args[i]}' is no option of gate: it must be --list, --only, --smoke, --rounds or --self-test.");
            }
        }

        if (selfTest && !ReferenceEquals(targets, known))
        {
            throw new ArgumentException("--self-test measures planted rows only: it cannot be combined with --only.");
        }

        Sampling sampling = smoke ? Sampling.Smoke : Sampling.Full;
        return new GateOptions(targets, list, smoke, selfTest, sampling with { Rounds = rounds ?? sampling.Rounds });
    }

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} must be followed by a value.");

    private static int ParseRounds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds)
        && rounds is >= Sampling.MinRounds and <= Sampling.MaxRounds
            ? rounds
            : throw new ArgumentException(
                $"--rounds '{text}': it must be a whole number from {Sampling.MinRounds} to {Sampling.MaxRounds}.");

    private static List<Target> Select(string text, IReadOnlyList<Target> known)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (string name in names)
        {
            if (!known.Any(target => Matches(target, name)))
            {
                string groups = string.Join(", ", known.Select(target => target.Group).Distinct());
                throw new ArgumentException($"--only '{name}': it must be a group ({groups}) or an id that --list prints.");
            }
        }

        return [.. known.Where(target => names.Any(name => Matches(target, name)))];
    }

    private static bool Matches(Target target, string name) =>
        string.Equals(target.Id, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(target.Group, name, StringComparison.OrdinalIgnoreCase);
}
