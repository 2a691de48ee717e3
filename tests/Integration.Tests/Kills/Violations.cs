using System.Text;

namespace Delivery.Integration.Tests.Kills;

/// <summary>What a round found broken. Thread-safe.</summary>
internal sealed class Violations(Timeline timeline)
{
    private readonly List<string> _found = [];

    public int Count
    {
        get
        {
            lock (_found) return _found.Count;
        }
    }

    public void Add(string what)
    {
        timeline.Add("VIOLATION " + what);
        lock (_found) _found.Add(what);
    }

    public void Check(bool holds, string what)
    {
        if (!holds) Add(what);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        lock (_found)
        {
            foreach (var one in _found)
                text.AppendLine(one);
        }

        return text.ToString();
    }
}
