using System.Globalization;
using System.Text;

namespace FastBuffers.Interleaving.Engine;

/// <summary>The accesses of one execution as text: decision number, thread, access, location, values.</summary>
internal sealed class ScheduleTrace(Scenario scenario, LocationTable locations)
{
    private readonly StringBuilder _text = new();

    public void Clear() => _text.Clear();

    public void Add(int step, int thread, string text) =>
        _text.Append(CultureInfo.InvariantCulture, $"{step,4}  {new string(' ', 2 * thread)}T{thread} {text}\n");

    public void Access(int step, int thread, AccessKind kind, int index, in Cell old, in Cell value, in Cell comparand)
    {
        string name = locations.NameOf(index);
        Add(step, thread, kind switch
        {
            AccessKind.Read => $"reads {name}: {Text(name, old)}",
            AccessKind.Write => $"stores {name} := {Text(name, value)} (buffered)",
            AccessKind.CompareExchange when old.Same(comparand) => $"compare-exchange {name}: {Text(name, old)} -> {Text(name, value)}",
            AccessKind.CompareExchange => $"compare-exchange {name} fails: expected {Text(name, comparand)}, is {Text(name, old)}",
            _ => $"{kind} {name}: {Text(name, old)} -> {Text(name, value)}",
        });
    }

    public void Flush(int step, int thread, int index, in Cell old, in Cell value)
    {
        string name = locations.NameOf(index);
        Add(step, thread, $"(buffer) {name}: {Text(name, old)} -> {Text(name, value)}");
    }

    public override string ToString() => _text.ToString();

    private string Text(string name, in Cell value) =>
        (value.Reference is null ? scenario.Describe(name, value.Bits) : null) ?? locations.Text(value);
}
