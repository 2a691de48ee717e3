using System.Globalization;

namespace Delivery.Micro;

/// <summary><c>--budgets</c>: seconds, and the same result every time.</summary>
internal static class BudgetCheck
{
    /// <summary>A budget is what was measured and an eighth more, to the next 16 bytes.</summary>
    private const int SlackShare = 8;
    private const int Step = 16;

    /// <returns>1 when an operation is over its budget or has none.</returns>
    public static int Run(TextWriter output, string file, bool update)
    {
        var budgets = File.Exists(file) ? Budgets.Read(file) : new Dictionary<string, long>();
        var measured = HotOperation.Names.ToDictionary(name => name, Allocation.BytesOf);
        var over = 0;
        foreach (var (name, bytes) in measured)
        {
            var budget = budgets.GetValueOrDefault(name, -1);
            var verdict = update ? "" : budget < 0 ? "  HAS NO BUDGET" : bytes > budget ? "  OVER" : "";
            over += verdict.Length > 0 ? 1 : 0;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {bytes,8:N0} bytes, {Math.Max(0, budget),8:N0} allowed{verdict}"));
        }

        if (!update)
            return over == 0 ? 0 : 1;
        Budgets.Write(file, measured.ToDictionary(pair => pair.Key, pair => (pair.Value + pair.Value / SlackShare + Step - 1) / Step * Step));
        output.WriteLine($"wrote {file}");
        return 0;
    }
}
