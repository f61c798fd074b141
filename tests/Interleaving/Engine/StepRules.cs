using System.Globalization;

namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Which accesses are steps. An exploration starts with the fewest and starts over with one more whenever it sees that it was too few, so
/// the rules that it ends with are right for all that it saw:
/// <list type="bullet">
/// <item>An access to a location that only one thread accesses, or that nobody writes, commutes with everything others do, so doing it
/// together with the step before loses no behaviour. If in any execution somebody else accessed it, then also in one where the owner did
/// its accesses that early: so two threads meeting there (one of them writing) is always seen, and makes the location contended.</item>
/// <item>The same is true of a location that is accessed only by whoever holds a certain lock: nobody else accesses it before the holder
/// leaves, and its stores reach memory before the one that leaves. The word of the lock is contended like any other.</item>
/// <item>Entering a store into the own buffer is seen by nobody, unless a process-wide fence can tell before from after.</item>
/// </list>
/// </summary>
internal sealed class StepRules
{
    private readonly HashSet<ulong> _contended = [];

    /// <summary>Whether entering a store into the buffer is a step.</summary>
    public bool Stores { get; set; }

    public bool IsContended(ulong label) => _contended.Contains(label);

    public void AddContended(ulong label) => _contended.Add(label);

    /// <summary>The rules as the first words of a schedule.</summary>
    public override string ToString() =>
        (Stores ? "w " : "") + string.Concat(_contended.Order().Select(label => string.Create(CultureInfo.InvariantCulture, $"c{label} ")));

    /// <summary>Takes the rules off the front of a schedule.</summary>
    public static StepRules Parse(ref ReadOnlySpan<string> words)
    {
        var rules = new StepRules();
        while (words.Length > 0 && words[0][0] is 'w' or 'c')
        {
            if (words[0][0] == 'w')
            {
                rules.Stores = true;
            }
            else
            {
                rules.AddContended(ulong.Parse(words[0].AsSpan(1), CultureInfo.InvariantCulture));
            }

            words = words[1..];
        }

        return rules;
    }
}
