"""What a build writes beside the workbook: summary, results, pictures, mail."""
