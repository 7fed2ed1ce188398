// node programs.cjs PROGRAM read|save WORKBOOK OUTPUT [SHEET CELL VALUE]...
// read: the values of all cells, as {sheet: {cell: value}}, into OUTPUT. save: the workbook with these cells changed.
"use strict";
const fs = require("fs");

const letters = (column) => (column < 0 ? "" : letters(Math.floor(column / 26) - 1) + String.fromCharCode(65 + (column % 26)));

const EPOCH = Date.UTC(1899, 11, 30);

const exceljs = {
  async open(path) {
    const ExcelJS = require("exceljs");
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    return book;
  },
  values(book) {
    const plain = ({ value, result, text }) => {
      const found = value === null || typeof value !== "object" || value instanceof Date ? value : result ?? text ?? null;
      return found instanceof Date ? (found - EPOCH) / 864e5 : found;
    };
    return book.worksheets.map((sheet) => {
      const cells = {};
      sheet.eachRow((row) => row.eachCell((cell) => { cells[cell.address] = plain(cell); }));
      return [sheet.name, cells];
    });
  },
  put(book, sheet, cell, value) { book.getWorksheet(sheet).getCell(cell).value = value; },
  save: (book, path) => book.xlsx.writeFile(path),
};

const sheetjs = {
  async open(path) { return require("@e965/xlsx").readFile(path, { cellStyles: true }); },
  values: (book) => book.SheetNames.map((name) => [name, Object.fromEntries(
    Object.entries(book.Sheets[name]).filter(([at]) => at[0] !== "!").map(([at, cell]) => [at, cell.v]))]),
  put(book, sheet, cell, value) { Object.assign(book.Sheets[sheet][cell], { t: "n", v: value, w: undefined }); },
  async save(book, path) { require("@e965/xlsx").writeFile(book, path); },
};

// What FortuneSheet shows after an import; it reads the parts by pattern.
const fortunesheet = {
  async open(path) {
    const { HandleZip } = require("@corbe30/fortune-excel/dist/ToFortuneSheet/HandleZip");
    const { FortuneFile } = require("@corbe30/fortune-excel/dist/ToFortuneSheet/FortuneFile");
    const file = new FortuneFile(await new HandleZip(fs.readFileSync(path)).unzipFile(), "workbook.xlsx");
    await file.Parse();
    return file.serialize();
  },
  values(book) {
    const plain = ({ v, ct }) => {
      const text = v ?? (ct?.s ?? []).map((run) => run.v).join("");
      return ct?.t === "n" && text !== "" ? Number(text) : text;
    };
    return book.sheets.map((sheet) => [sheet.name, Object.fromEntries(
      sheet.celldata.map(({ r, c, v }) => [`${letters(c)}${r + 1}`, v === null ? null : plain(v)]))]);
  },
};

(async () => {
  const [name, what, path, output, ...edits] = process.argv.slice(2);
  const program = { exceljs, sheetjs, fortunesheet }[name];
  const book = await program.open(path);
  if (what === "read") return fs.writeFileSync(output, JSON.stringify(program.values(book)));
  while (edits.length) {
    const [sheet, cell, value] = edits.splice(0, 3);
    program.put(book, sheet, cell, Number(value));
  }
  return program.save(book, output);
})().catch((error) => { console.error(error); process.exitCode = 1; });
