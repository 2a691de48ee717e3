namespace Delivery.Cli.Up;

/// <summary>Where a setting of the launcher was said. A later one goes before an earlier one.</summary>
internal enum SettingOrigin
{
    Default,
    File,
    Environment,
    CommandLine,
}
