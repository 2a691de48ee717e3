namespace Delivery.Cli.Bench.Reports;

/// <summary>One made-up job.</summary>
/// <param name="Created">Unix seconds.</param>
/// <param name="People">Of the account, from whom the recipients are taken.</param>
/// <param name="Offset">Which of them is the first recipient.</param>
/// <param name="Revised">Classes of some of its clicks are revised, and its roll-ups counted again.</param>
internal sealed record WorldJob(int Index, uint Account, ulong Id, long Created, long Recipients, long People, long Offset, bool Variants, bool Revised)
{
    public string Campaign => $"campaign-{Index / 5}";
}
